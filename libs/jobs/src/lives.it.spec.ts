// The same on a PostgreSQL server, where what happens at once really does. Needs a server; drops what it makes.
import { serverBed } from './bed.testing.js';
import { livesSuite } from './lives.testing.js';

livesSuite(serverBed());
