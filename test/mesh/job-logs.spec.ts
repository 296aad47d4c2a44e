// Logs and artefacts of real jobs in a mesh: a worker writes, the Mechanic reads, and two gateways tell.
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';
import { endsWithRights, followed, left, told } from '../story/job-logs.story.js';

const mesh = sharedMesh();

verifies('jobs:followed', async () => {
  const { port } = await mesh.lab.replica('gateway');
  await followed(mesh.lab, mesh.operator, [mesh.lab.url, `http://127.0.0.1:${port}`]);
});
verifies('jobs:left', () => left(mesh.lab, mesh.operator));
verifies('jobs:stream-ends', () => endsWithRights(mesh.lab, mesh.operator));
verifies('jobs:told', () => told(mesh.lab, mesh.operator));
