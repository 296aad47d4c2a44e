// The suites of rewards on the embedded database.
import { embedded } from '@labmesh/db/suite.testing';
import { epochsSuite } from '../../test/epochs-suite.js';
import { rewardsSuite } from '../../test/rewards-suite.js';
import { stakingOver } from '../../test/staking-bed.js';

const bed = embedded(stakingOver);

rewardsSuite(bed);
epochsSuite(bed);
