// The same suites on a PostgreSQL server, where calls race for real. Needs a server; drops what it makes.
import { onServer } from '@labmesh/db/suite.testing';
import { epochsSuite } from '../../test/epochs-suite.js';
import { rewardsSuite } from '../../test/rewards-suite.js';
import { stakingOver } from '../../test/staking-bed.js';

const bed = onServer(stakingOver);

rewardsSuite(bed);
epochsSuite(bed);
