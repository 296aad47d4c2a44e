// The Chancellor's suites on the embedded database.

import { embedded } from '@labmesh/db/suite.testing';
import { chancellorOver } from '../../test/bed.js';
import { everySuite } from '../../test/every-suite.js';

const bed = embedded(chancellorOver);

everySuite(bed);
