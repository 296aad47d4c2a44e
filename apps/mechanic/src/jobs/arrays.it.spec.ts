// The same on a PostgreSQL server, where arrays really come at once. Needs a server; drops what it makes.

import { arraysSuite } from '../../test/arrays-suite.js';
import { onServer } from '../../test/bed.js';

arraysSuite(onServer());
