// Lives of jobs on the embedded database, in any order of what may happen to them.
import { embeddedBed } from './bed.testing.js';
import { livesSuite } from './lives.testing.js';

livesSuite(embeddedBed());
