// Arrays of jobs on the embedded database.

import { arraysSuite } from '../../test/arrays-suite.js';
import { embedded } from '../../test/bed.js';

arraysSuite(embedded());
