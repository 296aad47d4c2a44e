// A training that loses its worker, in one process: the whole lab is killed, and started again on the same data.
import { oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { trained } from './job-training.story.js';

verifies('jobs:resumed', async () => {
  await using lab = await oneProcessLab();
  await using operator = await lab.connect(lab.operatorToken());
  await trained(lab, operator, () => lab.crashAndRestart());
});
