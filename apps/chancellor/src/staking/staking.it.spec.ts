// The same suites on a PostgreSQL server, where calls race for real. Needs a server; drops what it makes.
import { onServer } from '@labmesh/db/suite.testing';
import { stakingOver } from '../../test/staking-bed.js';
import { stakingSuite } from '../../test/staking-suite.js';

const bed = onServer(stakingOver);

stakingSuite(bed);
