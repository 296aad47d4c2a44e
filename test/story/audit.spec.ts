// The audit log as evidence: receipts, proofs, and checks that need no lab.

import { provenCalls } from '../harness/receipts.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();

verifies('audit:provable', () => provenCalls(lab));
