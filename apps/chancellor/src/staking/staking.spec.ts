// The suite of staking on the embedded database.
import { embedded } from '@labmesh/db/suite.testing';
import { stakingOver } from '../../test/staking-bed.js';
import { stakingSuite } from '../../test/staking-suite.js';

const bed = embedded(stakingOver);

stakingSuite(bed);
