// The lab's money against its model, on a PostgreSQL server. Needs a server; drops what it makes.
import { onServer } from '@labmesh/db/suite.testing';
import { everythingOver, modelSuite } from '../../test/model-suite.js';

const bed = onServer(everythingOver);

modelSuite(bed, 30);
