// Jobs and their money, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { jobStory } from './jobs.story.js';

const shared = operatedLab();

jobStory(() => shared);
