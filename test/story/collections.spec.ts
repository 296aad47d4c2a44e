// Collections of the knowledge base, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { collectionStory } from './collections.story.js';

const shared = operatedLab();

collectionStory(() => shared);
