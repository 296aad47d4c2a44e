// The same on a PostgreSQL server, where submissions really come at once. Needs a server; drops what it makes.
import { onServer } from '../../test/bed.js';
import { gangsSuite } from '../../test/gangs-suite.js';
import { submissionsSuite } from '../../test/submissions-suite.js';

const bed = onServer();

submissionsSuite(bed);
gangsSuite(bed);
