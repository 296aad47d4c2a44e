// Tokens bound to one place, in the lab.
import { oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { boundTokens } from './audience.story.js';

verifies('tokens:audience', async () => {
  await using lab = await oneProcessLab();
  await boundTokens(lab);
});
