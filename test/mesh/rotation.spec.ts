// Keys are changed while a mesh runs, with two replicas of the Sentinel and of an agent.
import { randomBytes } from 'node:crypto';
import { beforeAll, expect } from 'vitest';
import { runningMesh } from '../harness/running-mesh.js';
import { verifies } from '../requirements.js';
import { masterKeyChanges, signingKeyChanges, signingKeyLeaked } from '../story/rotation.story.js';

const [old, next] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
const mesh = runningMesh({ LABMESH_MASTER_KEY: old, LABMESH_MASTER_KEY_NEXT: next });
beforeAll(async () => {
  await mesh.lab.replica('sentinel');
  await mesh.lab.replica('curator');
});

verifies('keys:signing', () => signingKeyChanges(mesh.lab));

verifies('keys:master', async () => {
  await masterKeyChanges(mesh.lab);
  // The next key alone is enough from now on, and the old one alone is refused with what to do.
  const alone = await mesh.lab.replica('sentinel', { LABMESH_MASTER_KEY: next, LABMESH_MASTER_KEY_NEXT: '' });
  expect(alone.child.output).not.toContain('Cannot open');
  await expect(mesh.lab.replica('sentinel', { LABMESH_MASTER_KEY: old, LABMESH_MASTER_KEY_NEXT: '' })).rejects.toThrow(
    /Cannot open the signing key/,
  );
});

// The last: access tokens of the mesh end with it.
verifies('keys:leaked', () => signingKeyLeaked(mesh.lab));
