// Tokens bound to one place, in the lab.
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { boundTokens } from './audience.story.js';

verifies('tokens:audience', () => boundTokens(sharedLab()));
