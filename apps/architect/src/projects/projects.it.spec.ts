// Projects on a PostgreSQL server.
import { onServer } from '@labmesh/db/suite.testing';
import { architectOn, starter } from '../architect.testing.js';
import { projectTests } from './projects-suite.testing.js';

projectTests(onServer((database) => architectOn(database, { installed: [starter()] })));
