// Routes over NATS: the Curator tells by events, the Librarian settles at the broker with the rights of its contract.
import { sharedMesh } from '../harness/shared-mesh.js';
import { routesStory } from '../story/routes.story.js';

const mesh = sharedMesh();

routesStory(() => mesh.operator);
