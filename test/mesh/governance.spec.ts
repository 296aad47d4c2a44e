// Governance over a mesh: several Chancellors, one database, one clock.
import { sharedMesh } from '../harness/shared-mesh.js';
import { governanceStory } from '../story/governance.story.js';

const mesh = sharedMesh();

governanceStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
