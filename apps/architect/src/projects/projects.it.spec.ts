// Projects on a PostgreSQL server.
import { onServer } from '@labmesh/db/suite.testing';
import { architectOn, starter } from '../architect.testing.js';
import { projectTests } from './projects-suite.testing.js';
import { updateTests } from './updates-suite.testing.js';

const bed = onServer((database) => architectOn(database, { installed: [starter()] }));
projectTests(bed);
updateTests(bed);
