// One process of the fixture lab. PARTS names what runs in it; the other settings are a lab's own.
import { READY } from './fixture-lab.js';
import { PARTS, startParts } from './parts.js';

const named = (process.env.PARTS ?? '').split(',');
const lab = await startParts(
  PARTS.filter((part) => named.includes(part)),
  process.env,
);
process.once('SIGTERM', () => void lab.stop().then(() => process.exit(0)));
process.stdout.write(`${READY} ${lab.port}\n`);
