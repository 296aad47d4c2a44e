// Submissions on the embedded database.
import { embedded } from '../../test/bed.js';
import { submissionsSuite } from '../../test/submissions-suite.js';

submissionsSuite(embedded());
