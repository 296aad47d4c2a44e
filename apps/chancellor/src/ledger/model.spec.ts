// The lab's money against its model, on the embedded database.
import { embedded } from '@labmesh/db/suite.testing';
import { everythingOver, modelSuite } from '../../test/model-suite.js';

const bed = embedded(everythingOver);

modelSuite(bed, 15);
