// Governance in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { governanceStory } from './governance.story.js';

const shared = operatedLab();

governanceStory(() => shared);
