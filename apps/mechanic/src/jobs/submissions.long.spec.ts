// Submissions on the embedded database.
import { embedded } from '../../test/bed.js';
import { gangsSuite } from '../../test/gangs-suite.js';
import { submissionsSuite } from '../../test/submissions-suite.js';

const bed = embedded();

submissionsSuite(bed);
gangsSuite(bed);
