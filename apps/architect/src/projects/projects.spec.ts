// Projects on an embedded database.
import { embedded } from '@labmesh/db/suite.testing';
import { architectOn, starter } from '../architect.testing.js';
import { projectTests } from './projects-suite.testing.js';

projectTests(embedded((database) => architectOn(database, { installed: [starter()] })));
