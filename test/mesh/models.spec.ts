// Sentence encoders over NATS and on PostgreSQL, with two replicas of the Librarian that answer by turns: what one of them took, both
// rank by.
import { beforeAll } from 'vitest';
import { sharedMesh } from '../harness/shared-mesh.js';
import { modelStory } from '../story/models.story.js';

const mesh = sharedMesh();
beforeAll(async () => {
  await mesh.lab.replica('librarian');
});

modelStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
