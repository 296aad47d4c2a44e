// Sources over NATS: the Curator asks the Sentinel at the broker for what it may, and two replicas share limits and streams.
import { sharedMesh } from '../harness/shared-mesh.js';
import { sourcesStory } from '../story/sources.story.js';

const mesh = sharedMesh();

sourcesStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
