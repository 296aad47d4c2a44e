// Asking the knowledge base in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { goneOn, narrowed, ofCode, proved, refused, respelled } from './asking.story.js';

const shared = operatedLab();

verifies('knowledge:proved', () => proved(shared.operator));
verifies('knowledge:refused', () => refused(shared.operator));
verifies('knowledge:narrowed', () => narrowed(shared.operator));
verifies('knowledge:follow-up', () => goneOn(shared.operator));
verifies('knowledge:respelled', () => respelled(shared.operator));
verifies('knowledge:code', () => ofCode(shared.operator));
