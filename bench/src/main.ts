// `npm run bench -- <name>`: runs one bench. Exit code 1 when a floor is broken, 2 for wrong arguments.
import { parseArgs } from 'node:util';
import { runProgram } from '@labmesh/testing';
import { bytesBench } from './bytes/bytes.bench.js';
import { contextBench } from './context/context.bench.js';
import { dataBench } from './data/data.bench.js';
import { fingerprintsBench } from './fingerprints/fingerprints.bench.js';
import { gatewayBench } from './gateway/gateway.bench.js';
import { idleBench } from './idle/idle.bench.js';
import { jobsBench } from './jobs/jobs.bench.js';
import { ledgerBench } from './ledger/ledger.bench.js';
import { logsBench } from './logs/logs.bench.js';
import { peersBench } from './peers/peers.bench.js';
import { projectsBench } from './projects/projects.bench.js';
import { asTable, type BenchResult } from './report.js';
import { retrievalBench } from './retrieval/retrieval.bench.js';
import { sentinelBench } from './sentinel/sentinel.bench.js';
import { type SoakOptions, soakBench } from './soak/soak.bench.js';
import { startBench } from './start/start.bench.js';
import { streamsBench } from './streams/streams.bench.js';

/** What a bench may be told. */
type Options = SoakOptions & { readonly data: string | undefined; readonly model: string | undefined };

const BENCHES = {
  bytes: bytesBench,
  context: contextBench,
  data: dataBench,
  fingerprints: fingerprintsBench,
  gateway: gatewayBench,
  idle: idleBench,
  jobs: jobsBench,
  ledger: ledgerBench,
  logs: logsBench,
  peers: peersBench,
  projects: projectsBench,
  retrieval: retrievalBench,
  sentinel: sentinelBench,
  soak: soakBench,
  start: startBench,
  streams: streamsBench,
} satisfies Record<string, (options: Options) => Promise<BenchResult>>;

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
  jobs       from a submission to the job's process, and pages of 100,000 jobs
  ledger     payments beside pgbench's TPC-B, batches, the embedded database, a page of a long history
  logs       a job’s log through the gateway: lines a second to one follower, how late 200 are
  streams    10,000 open streams on one gateway
  projects   a project from the largest vial, beside the bare writing of its files
  retrieval  how well public collections are ranked, and the index with 10,000 and 300,000 passages
  fingerprints  how well lines of logs are grouped, and how many a second
  soak       memory over many calls
  peers      the same call through other gateways, which are downloaded

  --json             the figures as JSON
  --calls NUMBER     soak: how many calls
  --minutes NUMBER   soak, idle: for how long
  --data FOLDER      retrieval, fingerprints: where the labelled data is
  --model FOLDER     retrieval: a sentence encoder (docs/models.md), which ranks beside words
`;

interface Wanted {
  readonly name: Name;
  readonly json: boolean;
  readonly options: Options;
}

/** Undefined when only help is wanted. @throws Error saying which argument is wrong */
function readArguments(): Wanted | undefined {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      calls: { type: 'string' },
      minutes: { type: 'string' },
      data: { type: 'string' },
      model: { type: 'string' },
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
  const options = { calls: number('calls'), minutes: number('minutes'), data: values.data, model: values.model };
  return { name, json: values.json, options };
}

async function run({ name, json, options }: Wanted): Promise<number> {
  const measured = await BENCHES[name](options);
  process.stdout.write(json ? `${JSON.stringify(measured)}\n` : asTable(measured));
  return measured.ok ? 0 : 1;
}

process.exit(await runProgram({ usage: USAGE, read: readArguments, run }));
