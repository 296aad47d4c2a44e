// The suites of governance on the embedded database.
import { embedded } from '@labmesh/db/suite.testing';
import { governanceOver } from '../../test/governance-bed.js';
import { governanceSuite } from '../../test/governance-suite.js';
import { parametersSuite } from '../../test/parameters-suite.js';
import { votesSuite } from '../../test/votes-suite.js';

const bed = embedded(governanceOver);

governanceSuite(bed);
votesSuite(bed);
parametersSuite(bed);
