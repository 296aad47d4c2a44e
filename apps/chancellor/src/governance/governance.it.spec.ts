// The same suites on a PostgreSQL server, where votes race for real. Needs a server; drops what it makes.
import { onServer } from '@labmesh/db/suite.testing';
import { governanceOver } from '../../test/governance-bed.js';
import { governanceSuite } from '../../test/governance-suite.js';
import { parametersSuite } from '../../test/parameters-suite.js';
import { votesSuite } from '../../test/votes-suite.js';

const bed = onServer(governanceOver);

governanceSuite(bed);
votesSuite(bed);
parametersSuite(bed);
