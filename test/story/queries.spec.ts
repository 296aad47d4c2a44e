// SQL over datasets, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { queryStory } from './queries.story.js';

const shared = operatedLab();

queryStory(() => shared);
