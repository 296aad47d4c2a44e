// Projects on an embedded database.
import { embedded } from '@labmesh/db/suite.testing';
import { architectOn, starter } from '../architect.testing.js';
import { projectTests } from './projects-suite.testing.js';
import { updateTests } from './updates-suite.testing.js';

const bed = embedded((database) => architectOn(database, { installed: [starter()] }));
projectTests(bed);
updateTests(bed);
