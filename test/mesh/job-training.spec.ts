// A training that loses its worker in a mesh: its process is killed, and another one of the same machine takes its place.
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';
import { trained } from '../story/job-training.story.js';

const mesh = runningMesh();

verifies('jobs:resumed', () =>
  trained(mesh.lab, mesh.operator, async () => {
    await mesh.lab.child('worker').crash();
    await mesh.lab.replica('worker');
  }),
);
