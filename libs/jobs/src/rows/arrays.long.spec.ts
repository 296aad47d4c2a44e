// Job arrays on the embedded database.
import { embeddedBed } from '../bed.testing.js';
import { arraysSuite } from './arrays-suite.testing.js';

arraysSuite(embeddedBed());
