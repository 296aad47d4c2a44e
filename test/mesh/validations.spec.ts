// Validations over NATS, on a server's database: the Curator settles and tells, the Chancellor pays.
import { sharedMesh } from '../harness/shared-mesh.js';
import { validationStory } from '../story/validations.story.js';

const mesh = sharedMesh();

validationStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
