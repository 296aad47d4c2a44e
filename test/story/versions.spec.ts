// A dataset's versions, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { versionStory } from './versions.story.js';

const shared = operatedLab();

versionStory(() => shared);
