// Conversations and the assistant over NATS and on PostgreSQL, with two replicas of the Librarian that answer by turns: an answer that
// one of them writes is followed and stopped at the other.
import { beforeAll } from 'vitest';
import { sharedMesh } from '../harness/shared-mesh.js';
import { assistantStory } from '../story/assistant.story.js';
import { conversationStory } from '../story/conversations.story.js';

const mesh = sharedMesh();
beforeAll(async () => {
  await mesh.lab.replica('librarian');
});

conversationStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
assistantStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
