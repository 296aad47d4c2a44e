// Solutions and errors over NATS, on a server's database: the Librarian tells what was accepted, the Mechanic what failed.
import { sharedMesh } from '../harness/shared-mesh.js';
import { errorStory } from '../story/errors.story.js';
import { solutionStory } from '../story/solutions.story.js';

const mesh = sharedMesh();

errorStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
solutionStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
