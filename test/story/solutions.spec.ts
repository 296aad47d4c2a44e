// Solutions that are voted for and accepted, and errors that they solve, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { errorStory } from './errors.story.js';
import { solutionStory } from './solutions.story.js';

const shared = operatedLab();

errorStory(() => shared);
solutionStory(() => shared);
