// What the suites stand on: the Mechanic's jobs over a given database and a folder for bytes, with a Curator and a Chancellor that do
// as they are told. Workers are played by the rows alone.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentClients } from '@labmesh/agent';
import { BlobReferences, type Blobs, openBlobs } from '@labmesh/blobs';
import { AppError, type Call, mechanic, type OpenedBlob, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import {
  AttemptQueues,
  AttemptRows,
  type ExecutorReport,
  JobArrays,
  JobPages,
  JobRows,
  NodeRows,
  Placement,
  Sweep,
  WorkerRows,
} from '@labmesh/jobs';
import { ALL_ENFORCED } from '@labmesh/jobs/bed.testing';
import { postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect } from 'vitest';
import { AskedHolds } from '../src/jobs/asked-holds.repository.js';
import { Gangs } from '../src/jobs/gangs.repository.js';
import { GivenBlobs } from '../src/jobs/given-blobs.repository.js';
import { JobFiles } from '../src/jobs/job-files.js';
import { JobInheritance } from '../src/jobs/job-inheritance.repository.js';
import { JobList } from '../src/jobs/job-list.js';
import { JobRetries } from '../src/jobs/job-retries.js';
import { JobSubmissions } from '../src/jobs/job-submissions.js';
import { NewJobs } from '../src/jobs/new-jobs.repository.js';
import { Pending } from '../src/jobs/pending.js';
import { Placing } from '../src/jobs/placing.js';
import type { JobQuotas } from '../src/jobs/quota-setting.js';
import { Nodes } from '../src/nodes/nodes.js';
import { JobPrices } from '../src/nodes/prices.js';

const QUOTAS: JobQuotas = { citizen: { waiting: 5, running: 2, cpus: 8, gpus: 1 } };
export const nobody = {
  shared: false,
  poke: () => undefined,
  warn: () => undefined,
  broadcast: () => undefined,
  onServing: () => undefined,
};

/** What the others were asked, and what they answer. */
export interface Others {
  readonly held: Map<string, string>;
  refuse: AppError | undefined;
  parametersVersion: number;
  /** What happens while the money is being held. */
  meanwhile: (() => Promise<unknown>) | undefined;
  readonly datasets: Map<
    string,
    { readonly owner: string; readonly format: string; readonly text: string; readonly blobId?: string }
  >;
  readonly blobs: Map<string, OpenedBlob & { readonly owner: string }>;
}

function clientsOf(others: Others): AgentClients<typeof mechanic> {
  const fetch = (walletId: string, datasetId: string) => {
    const found = others.datasets.get(datasetId);
    if (found === undefined || found.owner !== walletId) throw new AppError('not_found', `no dataset ${datasetId}`);
    const { format, text, blobId } = found;
    return {
      dataset: { datasetId, format },
      ...(blobId === undefined ? { content: { encoding: 'utf8', data: text } } : { link: { blobId } }),
    };
  };
  const clients = {
    of: (_: unknown, { principal: { walletId } }: Call) => ({
      hold_for_work: async ({ jobIds, amount }: { jobIds: string[]; amount: string }) => {
        if (others.refuse) throw others.refuse;
        await others.meanwhile?.();
        for (const jobId of jobIds) others.held.set(jobId, amount);
        return { holdIds: jobIds.map(() => `txn_${uuidv7()}`), expiresAt: new Date().toISOString() };
      },
      set_parameters: async () => {
        if (others.refuse) throw others.refuse;
        others.parametersVersion += 1;
        return { version: others.parametersVersion, at: new Date().toISOString() };
      },
      fetch_dataset: async ({ datasetId }: { datasetId: string }) => fetch(walletId, datasetId),
      transform_data_format: async ({ datasetId, to }: { datasetId: string; to: string }) => {
        const { text } = others.datasets.get(datasetId) ?? { text: '' };
        others.datasets.set(`${datasetId}-${to}`, { owner: walletId, format: to, text: `${to}:${text}` });
        return { dataset: { datasetId: `${datasetId}-${to}` } };
      },
    }),
    openBlob: async (_: unknown, id: string, { principal }: Call) => {
      const found = others.blobs.get(id);
      if (found === undefined || found.owner !== principal.walletId) throw new AppError('not_found', `no blob ${id}`);
      return found;
    },
  };
  return clients as unknown as AgentClients<typeof mechanic>;
}

export type Bed = ReturnType<typeof mechanicOver>;

function mechanicOver(database: Database, blobs: Blobs) {
  const others: Others = {
    held: new Map(),
    refuse: undefined,
    parametersVersion: 0,
    meanwhile: undefined,
    datasets: new Map(),
    blobs: new Map(),
  };
  const clients = clientsOf(others);
  const [jobs, nodeRows, pages] = [new JobRows(database), new NodeRows(database), new JobPages(database)];
  const arrays = new JobArrays(database);
  const config = { jobQuotas: QUOTAS };
  const placement = new Placement(database, { quotaOf: (role) => QUOTAS[role as Role] ?? {}, reserveAfterMs: 30_000 });
  const references = new BlobReferences({ database, store: blobs.of('mechanic'), agent: 'mechanic' });
  const asked = new AskedHolds(database, nobody);
  const files = new JobFiles(blobs, references, clients, new GivenBlobs(database));
  const rows = new NewJobs(database, jobs, arrays, references, asked, clients, nobody);
  const gangs = new Gangs(database);
  const submissions = new JobSubmissions(config, jobs, arrays, nodeRows, files, rows, placement, gangs, {
    soon: () => undefined,
  });
  const prices = new JobPrices(nodeRows, clients, { tell: () => undefined });
  const queues = new AttemptQueues({ config: {}, database });
  const sweep = new Sweep(database);
  return {
    database,
    blobs,
    others,
    jobs,
    placement,
    references,
    asked,
    submissions,
    queues,
    sweep,
    attempts: new AttemptRows(database),
    workers: new WorkerRows(database),
    arrays,
    pages,
    list: new JobList(jobs, arrays, pages, { soon: () => undefined }, nobody, nobody),
    retries: new JobRetries(jobs, new JobInheritance(database), submissions),
    pending: new Pending(jobs, placement, nodeRows),
    prices,
    nodes: new Nodes(nodeRows, prices, { soon: () => undefined }, nobody, nobody),
    placing: (bus: { broadcast(subject: string, body: unknown): void }) =>
      new Placing(placement, queues, sweep, asked, nobody, bus, nobody, nobody),
  };
}

export const embedded = (): (() => Bed) =>
  bedOn(async (folder) => ({ options: { folder: join(folder, 'pg') }, end: async () => undefined }));

export const onServer = (): (() => Bed) =>
  bedOn(async () => {
    const server = await postgresDatabase();
    return { options: { url: server.url, folder: tmpdir() }, end: async () => server[Symbol.asyncDispose]() };
  });

interface Place {
  readonly options: Parameters<typeof openDatabase>[0];
  readonly end: () => Promise<void>;
}

function bedOn(placeOf: (folder: string) => Promise<Place>): () => Bed {
  let made: { bed: Bed; place: Place; folder: string } | undefined;
  beforeAll(async () => {
    const folder = await temporaryFolder('mechanic');
    const place = await placeOf(folder);
    const blobs = await openBlobs({ folder: join(folder, 'blobs') });
    made = { bed: mechanicOver(await openDatabase(place.options), blobs), place, folder };
  });
  afterAll(async () => {
    await made?.bed.queues.close();
    await made?.bed.database.close();
    await made?.bed.blobs.close();
    await made?.place.end();
    if (made !== undefined) await rm(made.folder, { recursive: true, force: true });
  });
  return () => {
    if (made === undefined) throw new Error('there is no database yet');
    return made.bed;
  };
}

/** What a refusal of bad input looks like. */
export const invalid = (why: RegExp | string) => ({ code: 'invalid_input', message: expect.stringMatching(why) });

export const newWallet = (): string => `wal_${uuidv7()}`;

export function callOf(walletId: string, role: Role = 'researcher'): Call {
  const principal = { walletId, role, permissions: ROLE_PERMISSIONS[role], credentialId: 'test' };
  return {
    id: uuidv7(),
    principal,
    chain: [],
    deadline: Date.now() + 600_000,
    signal: new AbortController().signal,
    pass: '',
  };
}

const Submission = mechanic.tools.orchestrate_training_job.input;
export type Asked = Partial<Parameters<typeof Submission.parse>[0] & object> & Record<string, unknown>;

/** As the endpoint would: the schema first. */
export const submit = async ({ submissions }: Bed, call: Call, asked: Asked = {}) =>
  submissions.submit(Submission.parse({ name: 'a job', command: ['true'], ...asked }), call);

export async function submitted(bed: Bed, call: Call, asked: Asked = {}): Promise<string> {
  const { job } = await submit(bed, call, asked);
  if (job === null) throw new Error('there is no job');
  return job.jobId;
}

export async function enroll(
  { workers }: Bed,
  node: string,
  more: { cpus?: number; gpus?: number; executors?: ExecutorReport[] } = {},
) {
  const { cpus = 4, gpus = 1, executors = [ALL_ENFORCED] } = more;
  const workerId = uuidv7();
  await workers.enroll({ workerId, node, cpuMilli: cpus * 1_000, memoryMb: 8_192, gpus, executors, leaseMs: 600_000 });
  return workerId;
}

/** Places what may begin, and plays the worker of one job until its attempt ends so. */
export async function run(
  bed: Bed,
  jobId: string,
  workerId: string,
  end: 'succeeded' | 'failed' | 'killed' | 'lost',
): Promise<void> {
  await bed.placement.place();
  const number = (await bed.jobs.find(jobId))?.attempts ?? 0;
  const mine = { jobId, number, workerId };
  if ((await bed.attempts.claim(mine)) === undefined) throw new Error(`${jobId} was not placed`);
  await bed.attempts.began({ ...mine, handle: 'h' });
  const [outcome, reason] = (
    {
      succeeded: ['succeeded', 'finished'],
      failed: ['failed', 'exit_code'],
      killed: ['failed', 'signal'],
      lost: ['lost', 'drained'],
    } as const
  )[end];
  await bed.attempts.end({ ...mine, outcome, reason });
}

export async function empty({ database, others }: Bed): Promise<void> {
  const tables = ['jobs', 'job_arrays', 'nodes', 'workers', 'outbox', 'blobs', 'asked_holds'].map(
    (name) => `mechanic.${name}`,
  );
  await database.pool.query(`TRUNCATE ${tables.join(', ')} CASCADE`);
  others.held.clear();
  others.refuse = undefined;
  others.meanwhile = undefined;
}

/** What all clients of the pool do, to be watched. */
export const clientOf = ({ database }: Bed): { query(...asked: unknown[]): unknown } =>
  (database.pool as unknown as { Client: { prototype: { query(...asked: unknown[]): unknown } } }).Client.prototype;

/** Events of that name that wait to be told, oldest first. */
export async function told({ database }: Bed, name: string): Promise<Array<Record<string, unknown>>> {
  const { rows } = await database.pool.query<{ payload: { payload: Record<string, unknown> } }>(
    'SELECT payload FROM mechanic.outbox WHERE subject = $1 ORDER BY created_at, id',
    [`labmesh.event.mechanic.${name}`],
  );
  return rows.map(({ payload }) => payload.payload);
}
