// Job arrays in a mesh: two Mechanics place, and neither gives a turn too many.
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';
import { sweepEnded, swept } from '../story/job-arrays.story.js';

const mesh = sharedMesh();

verifies('jobs:swept', async () => {
  await mesh.lab.replica('mechanic');
  await swept(mesh.lab, mesh.operator);
});
verifies('jobs:sweep-ended', () => sweepEnded(mesh.lab, mesh.operator));
