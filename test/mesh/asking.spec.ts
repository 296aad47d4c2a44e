// Asking the knowledge base in a mesh.
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';
import { goneOn, narrowed, ofCode, proved, refused, respelled } from '../story/asking.story.js';

const mesh = sharedMesh();

verifies('knowledge:proved', () => proved(mesh.operator));
verifies('knowledge:refused', () => refused(mesh.operator));
verifies('knowledge:narrowed', () => narrowed(mesh.operator));
verifies('knowledge:follow-up', () => goneOn(mesh.operator));
verifies('knowledge:respelled', () => respelled(mesh.operator));
verifies('knowledge:code', () => ofCode(mesh.operator));
