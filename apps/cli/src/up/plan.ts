// Which processes a mesh on this machine has, on which ports, and in which order they start.
import { AGENTS, AppError, gateway, sentinel, WORKER } from '@labmesh/contracts';

/** The most replicas of one app: more on one machine is a slip of the finger. */
const REPLICAS_MAX = 64;

export interface PlannedProcess {
  /** `curator`, and `curator-2` for its second replica. */
  readonly name: string;
  readonly app: string;
  readonly port: number;
}

export interface PlanOptions {
  /** All when left out. */
  readonly apps?: readonly string[] | undefined;
  /** `curator=2`. */
  readonly replicas: readonly string[];
  /** Of the gateway; the others' ports follow it. */
  readonly port: number;
}

/** The Sentinel lets everyone else's callers in, so it starts first; what is behind the gateway is there before it. */
const ORDER = [
  sentinel.name,
  ...AGENTS.map(({ name }) => name).filter((name) => name !== sentinel.name),
  WORKER,
  gateway.name,
];
/** Places of the first of each, behind the gateway's port. */
const PLACES = [gateway.name, ...AGENTS.map(({ name }) => name), WORKER];

/** Stages, each started when the one before is ready. @throws AppError invalid_input */
export function planOf({ apps = ORDER, replicas, port }: PlanOptions): PlannedProcess[][] {
  for (const app of apps) known(app, '--apps');
  const counts = new Map(replicas.map(countOf));
  let more = port + PLACES.length;
  const processes = ORDER.filter((app) => apps.includes(app)).flatMap((app) =>
    Array.from({ length: counts.get(app) ?? 1 }, (_, replica): PlannedProcess => {
      if (replica > 0) return { name: `${app}-${replica + 1}`, app, port: more++ };
      return { name: app, app, port: port + PLACES.indexOf(app) };
    }),
  );
  if (processes.some((one) => one.port > 65_535))
    throw new AppError(
      'invalid_input',
      `Cannot use --port ${port}: the other processes' ports, which follow it, end at 65535`,
    );
  const stageOf = ({ app }: PlannedProcess): number => (app === sentinel.name ? 0 : app === gateway.name ? 2 : 1);
  return [0, 1, 2]
    .map((stage) => processes.filter((one) => stageOf(one) === stage))
    .filter((stage) => stage.length > 0);
}

function countOf(text: string): [string, number] {
  const [app = '', count = ''] = text.split('=');
  known(app, '--replicas');
  const number = Number(count);
  if (!/^\d+$/.test(count) || number < 1 || number > REPLICAS_MAX)
    throw new AppError('invalid_input', `Cannot use --replicas ${text}: give it as ${app}=2, at most ${REPLICAS_MAX}`);
  return [app, number];
}

function known(app: string, option: string): void {
  if (!ORDER.includes(app))
    throw new AppError('invalid_input', `Cannot use ${option} with "${app}": there are ${ORDER.join(', ')}`);
}
