// A dataset's versions over NATS, on a server's database: who follows one hears of it at any process.
import { sharedMesh } from '../harness/shared-mesh.js';
import { versionStory } from '../story/versions.story.js';

const mesh = sharedMesh();

versionStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
