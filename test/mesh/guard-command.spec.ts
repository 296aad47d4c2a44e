// `labmesh role`, `policy` and `anomaly` against a mesh with two replicas of the Sentinel.
import { mesh } from '../harness/lab-under-test.js';
import { guardCommandStory } from '../story/guard-command.story.js';

guardCommandStory(async () => {
  const lab = await mesh();
  await lab.replica('sentinel');
  return lab;
});
