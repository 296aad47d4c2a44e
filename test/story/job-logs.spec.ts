// Logs and artefacts of real jobs in a lab in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { endsWithRights, followed, left, told } from './job-logs.story.js';

const shared = operatedLab();
const { lab } = shared;

verifies('jobs:followed', () => followed(lab, shared.operator, [lab.url, lab.url]));
verifies('jobs:left', () => left(lab, shared.operator));
verifies('jobs:stream-ends', () => endsWithRights(lab, shared.operator));
verifies('jobs:told', () => told(lab, shared.operator));
