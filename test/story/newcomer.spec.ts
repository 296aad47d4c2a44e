// The newcomer's story in one process, everything embedded.
import { oneProcessLab } from '../harness/lab-under-test.js';
import { newcomerStory } from './newcomer.story.js';

newcomerStory(oneProcessLab);
