// The same on a PostgreSQL server, where submissions really come at once. Needs a server; drops what it makes.
import { onServer } from '../../test/bed.js';
import { submissionsSuite } from '../../test/submissions-suite.js';

submissionsSuite(onServer());
