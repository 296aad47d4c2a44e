// The same on a PostgreSQL server. Needs a server; drops what it makes.
import { onServer } from '../../test/bed.js';
import { livesSuite } from '../../test/lives-suite.js';

livesSuite(onServer());
