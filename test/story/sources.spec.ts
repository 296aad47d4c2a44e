// Sources in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { sourcesStory } from './sources.story.js';

const shared = operatedLab();

sourcesStory(() => shared);
