// `npm run bench -- <name>`: runs one bench. Exit code 1 when a floor is broken, 2 for wrong arguments.
import { parseArgs } from 'node:util';
import { runProgram } from '@labmesh/testing';
import { bytesBench } from './bytes/bytes.bench.js';
import { contextBench } from './context/context.bench.js';
import { dataBench } from './data/data.bench.js';
import { gatewayBench } from './gateway/gateway.bench.js';
import { idleBench } from './idle/idle.bench.js';
import { ledgerBench } from './ledger/ledger.bench.js';
import { peersBench } from './peers/peers.bench.js';
import { asTable, type BenchResult } from './report.js';
import { sentinelBench } from './sentinel/sentinel.bench.js';
import { type SoakOptions, soakBench } from './soak/soak.bench.js';
import { startBench } from './start/start.bench.js';
import { streamsBench } from './streams/streams.bench.js';

const BENCHES = {
  bytes: bytesBench,
  context: contextBench,
  data: dataBench,
  gateway: gatewayBench,
  idle: idleBench,
  ledger: ledgerBench,
  peers: peersBench,
  sentinel: sentinelBench,
  soak: soakBench,
  start: startBench,
  streams: streamsBench,
} satisfies Record<string, (options: SoakOptions) => Promise<BenchResult>>;

type Name = keyof typeof BENCHES;
const NAMES = Object.keys(BENCHES) as Name[];

const USAGE = `Usage: npm run bench -- <name> [options]

  bytes      2 GB up and down through the gateway, beside a bare server, and the memory it takes
  context    how much of a model's context the lists of tools take
  data       lists of datasets, JSON lines to Parquet beside DuckDB alone, validation, a cached fetch
  gateway    a call and a list through the gateway, beside a bare server and the SDK's own
  sentinel   tokens, decisions, audit records, scores of calls
  start      from nothing to ready, memory, and the command, beside a bare database and a bare Node
  idle       what a lab takes while nobody asks it anything
  ledger     payments beside pgbench's TPC-B, batches, the embedded database, a page of a long history
  streams    10,000 open streams on one gateway
  soak       memory over many calls
  peers      the same call through other gateways, which are downloaded

  --json             the figures as JSON
  --calls NUMBER     soak: how many calls
  --minutes NUMBER   soak, idle: for how long
`;

interface Wanted {
  readonly name: Name;
  readonly json: boolean;
  readonly soak: SoakOptions;
}

/** Undefined when only help is wanted. @throws Error saying which argument is wrong */
function readArguments(): Wanted | undefined {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      calls: { type: 'string' },
      minutes: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const name = NAMES.find((each) => each === positionals[0]);
  if (name === undefined || positionals.length > 1) throw new Error(`Name one bench: ${NAMES.join(', ')}`);
  const number = (option: 'calls' | 'minutes'): number | undefined => {
    const value = values[option];
    if (value === undefined) return undefined;
    if (!(Number(value) > 0)) throw new Error(`--${option} takes a number above 0`);
    return Number(value);
  };
  return { name, json: values.json, soak: { calls: number('calls'), minutes: number('minutes') } };
}

async function run({ name, json, soak }: Wanted): Promise<number> {
  const measured = await BENCHES[name](soak);
  process.stdout.write(json ? `${JSON.stringify(measured)}\n` : asTable(measured));
  return measured.ok ? 0 : 1;
}

process.exit(await runProgram({ usage: USAGE, read: readArguments, run }));
