// `labmesh project` and `labmesh template` against a mesh, whose processes have disks of their own.
import { sharedMesh } from '../harness/shared-mesh.js';
import { projectCommandStory } from '../story/project-command.story.js';

const mesh = sharedMesh();

projectCommandStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
