// Jobs and their money in a mesh: the Mechanic, the worker and the Chancellor are processes of their own.
import { sharedMesh } from '../harness/shared-mesh.js';
import { jobStory } from '../story/jobs.story.js';

const mesh = sharedMesh();

jobStory(() => mesh);
