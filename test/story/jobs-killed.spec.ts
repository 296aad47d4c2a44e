// A whole lab in one process, killed under its jobs.
import { oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { outlived, SETTINGS } from './jobs-killed.story.js';

verifies('jobs:outlive', async () => {
  await using lab = await oneProcessLab(SETTINGS);
  await outlived(
    lab,
    () => lab.connect(lab.operatorToken()),
    () => lab.crashAndRestart(),
  );
});
