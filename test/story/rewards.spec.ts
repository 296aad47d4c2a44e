// Rewards and stakes, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { rewardStory } from './rewards.story.js';

const shared = operatedLab();

rewardStory(() => shared);
