// `npm run bench -- <name> [--json]`: runs one bench. Exit code 1 when a floor is broken.
import { gatewayBench } from './gateway/gateway.bench.js';
import { asTable, type BenchResult } from './report.js';
import { startBench } from './start/start.bench.js';

const BENCHES: Readonly<Record<string, () => Promise<BenchResult>>> = { gateway: gatewayBench, start: startBench };

const [name = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`Usage: npm run bench -- <name> [--json], with a name of: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const measured = await bench();
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(measured)}\n` : asTable(measured));
process.exit(measured.ok ? 0 : 1);
