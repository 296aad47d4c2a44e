// `labmesh up`: a mesh on this machine without containers, one process for each app, supervised; and how it is.
import { AppError } from '@labmesh/contracts';
import type { Command } from 'commander';
import { DEFAULT_URL } from '../config.js';
import type { Host } from '../host.js';
import { isLoopback } from '../lab/operator-token.js';
import type { Output } from '../output/output.js';
import { addJsonOption, type Session } from '../session.js';
import type { Launches } from '../up/launches.js';
import type { PlannedProcess } from '../up/plan.js';
import type { MeshState, RunFolder, SupervisedState } from '../up/run-folder.js';

const HELP = `
Needs NATS, PostgreSQL and Redis. With a folder that "npx @labmesh/cli mesh init" made, each process has rights of its own and missing
migrations are applied as the owner; without, all processes use the same addresses: options, or the environment.

The Sentinel starts first and the gateway last. A process that ends is started again after a pause that doubles up to 30 s; one
that does not get ready three times in a row, at the first start, ends everything with its last lines. Ctrl-C, or "npx @labmesh/cli down",
stops all: each has 15 s to finish what is under way. Logs are in <dir>/run, 20 MB a process at most.

A supervisor that is killed leaves its processes running: the next "npx @labmesh/cli up", or "npx @labmesh/cli down", ends them.

Examples:
  npx @labmesh/cli mesh init && npx @labmesh/cli up
  npx @labmesh/cli up --detach --replicas curator=2 --replicas gateway=2
  npx @labmesh/cli up --nats nats://127.0.0.1:4222 --database postgresql://lab@127.0.0.1/labmesh --redis redis://127.0.0.1:6379
  npx @labmesh/cli up --status`;

interface Options {
  readonly dir: string;
  readonly nats?: string;
  readonly database?: string;
  readonly redis?: string;
  readonly apps?: string[];
  readonly replicas: string[];
  readonly port?: string;
  readonly detach: boolean;
  readonly status: boolean;
}

/** What is to run, and where it is written down. */
interface Plan {
  readonly folder: RunFolder;
  readonly launches: Launches;
  readonly stages: ReadonlyArray<readonly PlannedProcess[]>;
  readonly port: number;
  /** The gateway's address, as clients see it. */
  readonly url: string;
}

const collect = (value: string, before: string[]): string[] => [...before, ...value.split(',')];

export function addUp(program: Command, session: Session): void {
  const command = program
    .command('up')
    .description('start the mesh’s apps as processes on this machine, and keep them running')
    .option('--dir <folder>', 'of npx @labmesh/cli mesh init; what runs is written down in it', 'mesh')
    .option('--nats <address>', 'of the NATS server; else NATS_URL')
    .option('--database <address>', 'of the PostgreSQL database; else DATABASE_URL, which hides a password')
    .option('--redis <address>', 'of the Redis server; else REDIS_URL')
    .option('--apps <names>', 'only these, separated by commas', (names: string) => names.split(','))
    .option('--replicas <app=count>', 'more than one process of an app; may be repeated', collect, [])
    .option('--port <port>', 'of the gateway; the others’ follow it')
    .option('--detach', 'supervise in the background', false)
    .option('--status', 'show what runs', false);
  addJsonOption(command)
    .addHelpText('after', HELP)
    .action((options: Options) =>
      session.offline(command, async ({ output, host }) => {
        if (options.status) return showStatus(output, await folderOf(options));
        const plan = await planned(options, host);
        const up = options.detach ? inBackground(options, plan, host) : inForeground(plan, { output, host });
        const { state, stopped } = await up;
        const signIn = await session.signInLink(`http://127.0.0.1:${plan.port}`, plan.url);
        output.answer({ ...state, signIn }, () => showUp(output, state, signIn));
        await stopped;
      }),
    );
}

async function folderOf({ dir }: Options): Promise<RunFolder> {
  const { RunFolder } = await import('../up/run-folder.js');
  return new RunFolder(dir);
}

async function planned(options: Options, { env: environment, cwd }: Host): Promise<Plan> {
  const { launchesOf } = await import('../up/launches.js');
  const { planOf } = await import('../up/plan.js');
  const { dir, nats: natsUrl, database: databaseUrl, redis: redisUrl } = options;
  const launches = launchesOf({ dir, given: { natsUrl, databaseUrl, redisUrl }, environment, cwd });
  const port = options.port === undefined ? ownPort(launches.publicUrl) : portOf(options.port);
  return {
    folder: await folderOf(options),
    launches,
    stages: planOf({ ...options, port }),
    port,
    url: launches.publicUrl ?? `http://127.0.0.1:${port}`,
  };
}

interface Up {
  readonly state: MeshState;
  /** Resolves when there is nothing more to wait for. */
  readonly stopped: Promise<void>;
}

async function inForeground(plan: Plan, { output, host }: { output: Output; host: Host }): Promise<Up> {
  const { Supervisor } = await import('../up/supervisor.js');
  const { migrateDatabase } = await import('../mesh/roles.repository.js');
  const { folder, launches, stages, url } = plan;
  const supervisor = new Supervisor({
    folder,
    stages,
    url,
    launch: (one) => launches.of(one, url),
    tell: (text) => output.note(text),
    prepare: async () => {
      if (launches.ownerDatabaseUrl === undefined) return;
      for (const name of await migrateDatabase(launches.ownerDatabaseUrl)) output.note(`applied ${name}`);
    },
  });
  const stopped = new Promise<void>((resolve) => {
    host.lingers?.();
    const stop = (): void => void supervisor.stop().then(resolve);
    process.once('SIGTERM', stop);
    host.signal.addEventListener('abort', stop, { once: true });
  });
  return { state: await supervisor.start(), stopped };
}

async function inBackground(options: Options, { folder, port }: Plan, host: Host): Promise<Up> {
  const { startDetached } = await import('../up/detached.js');
  const { dir, apps, replicas, nats, database, redis } = options;
  const args = [
    ...['--dir', dir, '--port', String(port)],
    ...(apps === undefined ? [] : ['--apps', apps.join(',')]),
    ...replicas.flatMap((count) => ['--replicas', count]),
  ];
  // Addresses may hold passwords: not in the process list.
  const given = { NATS_URL: nats, DATABASE_URL: database, REDIS_URL: redis };
  const env = { ...host.env, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  const state = await startDetached({ folder, args, cwd: host.cwd, env, signal: host.signal });
  return { state, stopped: Promise.resolve() };
}

/** The port in the gateway's address, where it is one of this machine. */
function ownPort(publicUrl: string | undefined): number {
  const url = new URL(publicUrl ?? DEFAULT_URL);
  return Number(isLoopback(url.hostname) && url.port !== '' ? url.port : new URL(DEFAULT_URL).port);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new AppError('invalid_input', `Cannot use --port ${text}: give a number from 1 to 65535`);
  return port;
}

function showUp(output: Output, { url, processes }: MeshState, signIn: string | undefined): void {
  output.line(`LabMesh is up at ${url}/mcp  (${processes.length} processes)`);
  output.line(signIn === undefined ? 'npx @labmesh/cli open makes a sign-in link.' : `Page  ${signIn}`);
  output.note('The link signs you in as the operator, once, within 10 minutes.');
}

function showStatus(output: Output, folder: RunFolder): void {
  const supervisor = folder.supervisor();
  const state = folder.read();
  const processes = (state?.processes ?? []).map((one) => ({ ...one, alive: folder.isRunning(one) }));
  output.answer({ supervisor: supervisor?.pid ?? null, url: state?.url ?? null, processes }, () => {
    if (processes.length === 0) return output.line('Nothing runs. Start it with npx @labmesh/cli up.');
    output.line(
      supervisor === undefined
        ? 'No supervisor: it was killed. npx @labmesh/cli up, or npx @labmesh/cli down, ends what it left.'
        : `Supervised by process ${supervisor.pid}, at ${state?.url}`,
    );
    output.table(
      ['PROCESS', 'STATE', 'PORT', 'PID', 'RESTARTS', 'LAST END'],
      processes.map((one) => [
        one.name,
        mark(one.state, one.alive),
        one.port,
        one.process?.pid ?? '-',
        one.restarts,
        one.lastExit ?? '-',
      ]),
    );
  });
}

const mark = (state: SupervisedState['state'], alive: boolean) =>
  state === 'ready' && alive
    ? ({ text: 'ready', style: 'green' } as const)
    : ({ text: alive || state !== 'ready' ? state : 'gone', style: 'red' } as const);
