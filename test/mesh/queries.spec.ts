// SQL over datasets, over NATS: the Curator's own process starts the engine's.
import { sharedMesh } from '../harness/shared-mesh.js';
import { queryStory } from '../story/queries.story.js';

const mesh = sharedMesh();

queryStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
