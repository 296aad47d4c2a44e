// Job arrays on a PostgreSQL server, where replicas really come at once. Needs a server; drops what it makes.
import { serverBed } from '../bed.testing.js';
import { arraysSuite } from './arrays-suite.testing.js';

arraysSuite(serverBed());
