// The same suites on a PostgreSQL server, where concurrent transfers race for real. Needs a server; drops what it makes.

import { onServer } from '@labmesh/db/suite.testing';
import { chancellorOver } from '../../test/bed.js';
import { everySuite } from '../../test/every-suite.js';

const bed = onServer(chancellorOver);

everySuite(bed);
