// Lives of jobs on the embedded database.
import { embedded } from '../../test/bed.js';
import { livesSuite } from '../../test/lives-suite.js';

livesSuite(embedded());
