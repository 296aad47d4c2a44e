// `npm run bench -- <name> [--json] [--calls 1000000 | --minutes 10]`: runs one bench. Exit code 1 when a floor is broken.
// The last two are the soak's: how long it goes on.
import { parseArgs } from 'node:util';
import { gatewayBench } from './gateway/gateway.bench.js';
import { peersBench } from './peers/peers.bench.js';
import { asTable, type BenchResult } from './report.js';
import { sentinelBench } from './sentinel/sentinel.bench.js';
import { type SoakOptions, soakBench } from './soak/soak.bench.js';
import { startBench } from './start/start.bench.js';
import { streamsBench } from './streams/streams.bench.js';

const BENCHES: Readonly<Record<string, (options: SoakOptions) => Promise<BenchResult>>> = {
  gateway: gatewayBench,
  peers: peersBench,
  sentinel: sentinelBench,
  soak: soakBench,
  start: startBench,
  streams: streamsBench,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, calls: { type: 'string' }, minutes: { type: 'string' } },
});
const [name = ''] = positionals;
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`Usage: npm run bench -- <name> [--json], with a name of: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const measured = await bench({ calls: number(values.calls), minutes: number(values.minutes) });
process.stdout.write(values.json === true ? `${JSON.stringify(measured)}\n` : asTable(measured));
process.exit(measured.ok ? 0 : 1);
