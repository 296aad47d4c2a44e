// `labmesh solution` and `explain-error` over NATS, on a server's database.
import { sharedMesh } from '../harness/shared-mesh.js';
import { solutionCommandStory } from '../story/solution-command.story.js';

const mesh = sharedMesh();

solutionCommandStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
