// Collections of the knowledge base over NATS and on PostgreSQL, with two replicas of the Librarian that answer by turns: what one of
// them took is found by the other.
import { beforeAll } from 'vitest';
import { sharedMesh } from '../harness/shared-mesh.js';
import { collectionStory } from '../story/collections.story.js';

const mesh = sharedMesh();
beforeAll(async () => {
  await mesh.lab.replica('librarian');
});

collectionStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
