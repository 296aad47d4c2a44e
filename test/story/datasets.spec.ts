// Datasets of the promised size, in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { datasetStory } from './datasets.story.js';

const shared = operatedLab();

datasetStory(() => shared);
