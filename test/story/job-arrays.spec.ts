// Job arrays in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { sweepEnded, swept } from './job-arrays.story.js';

const shared = operatedLab();

verifies('jobs:swept', () => swept(shared.lab, shared.operator));
verifies('jobs:sweep-ended', () => sweepEnded(shared.lab, shared.operator));
