// The Chancellor's suites on the embedded database.
import { chancellorOver } from '../../test/bed.js';
import { embedded } from '../../test/databases.js';
import { everySuite } from '../../test/every-suite.js';

const bed = embedded(chancellorOver);

everySuite(bed);
