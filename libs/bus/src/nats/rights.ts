// What each process of the mesh may say and hear at the broker, made from the contracts. Everything that is not named here is
// refused: an agent that was broken into reaches no further than its contract does.
//
// All processes are users of one NATS account. An account for each would keep them apart as well, but every call would cross
// from one to another, which costs the broker a mapping for each answer that it waits for.
import {
  type AgentContract,
  cancelSubject,
  describeSubject,
  eventSubject,
  eventsHeard,
  gateway,
  MESH_EVENTS,
  mechanic,
  sentinel,
  toolSubject,
  WORKER,
} from '@labmesh/contracts';
import {
  EVERYONE_TELLS,
  JOBS_SUBJECT,
  MECHANIC_TELLS,
  RESERVED_NAMES,
  SENTINEL_TELLS,
  sessionEvents,
  sessionNewsSubject,
  sessionPeerSubject,
  sessionRecords,
  UPLOAD_LEDGER,
  UPLOAD_LOCKS,
  workerSubject,
} from '../subjects.js';
import { bucketStream, bucketSubject, durableName, inboxPrefix, logStream, logSubject, STREAM } from './names.js';

export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const JS = '$JS.API';
const ALL_TOOLS = '*';

/** The processes of a mesh that serve, by name: the gateway and every agent. */
export const servingApps = (agents: readonly AgentContract[]): string[] => [
  gateway.name,
  ...agents.map(({ name }) => name),
];
/** All processes of a mesh by name: those that serve, and what runs jobs. */
export const appsOf = (agents: readonly AgentContract[]): string[] => [...servingApps(agents), WORKER];

/** @throws Error for an app that is neither the gateway nor one of the agents, or an agent whose name cannot be told apart */
export function rightsOf(app: string, agents: readonly AgentContract[]): Rights {
  for (const { name } of agents)
    if (RESERVED_NAMES.has(name) || name === gateway.name || name === WORKER || !/^[a-z][a-z0-9-]*$/.test(name))
      throw new Error(`"${name}" cannot be an agent's name: its subjects would not be its own. Choose another.`);
  if (app === WORKER) return together([ofEveryone(app, agents), OF_WORKER]);
  const contract = agents.find(({ name }) => name === app);
  if (contract === undefined && app !== gateway.name) throw new Error(`There is no app "${app}"`);
  return together([
    ofEveryone(app, agents),
    ofSessions(app),
    contract === undefined ? ofGateway(agents) : ofAgent(contract, agents),
    ...(app === sentinel.name ? [OF_SENTINEL] : []),
    ...(app === mechanic.name ? [OF_MECHANIC] : []),
  ]);
}

const together = (parts: readonly Rights[]): Rights => ({
  publish: parts.flatMap(({ publish }) => publish),
  subscribe: parts.flatMap(({ subscribe }) => subscribe),
});

const ofEveryone = (app: string, agents: readonly AgentContract[]): Rights => ({
  publish: [
    // Answers. Where one is awaited cannot be guessed: only who was asked knows the place (waiting-replies.ts).
    '_INBOX.>',
    ...EVERYONE_TELLS,
    describeSubject('*'),
    ...MESH_EVENTS.map(eventSubject),
    ...openTools(agents),
    `${JS}.INFO`,
    `${JS}.STREAM.INFO.${STREAM}`,
  ],
  subscribe: [`${inboxPrefix(app)}.>`, ...EVERYONE_TELLS, ...SENTINEL_TELLS, ...MECHANIC_TELLS],
});

/** Internal tools without a permission: their input is itself the proof, or their answer is public. Who needs one says so where it must. */
const openTools = (agents: readonly AgentContract[]): string[] =>
  agents.flatMap(({ name, tools }) =>
    Object.entries(tools)
      .filter(
        ([, { visibility, permission, needed }]) => visibility === 'internal' && permission === null && needed !== true,
      )
      .map(([tool]) => toolSubject(name, tool)),
  );

/** The sessions of its own replicas: nobody else may read what their streams tell. */
function ofSessions(app: string): Rights {
  const [records, events] = [sessionRecords(app), sessionEvents(app)];
  return {
    publish: [
      sessionNewsSubject(app),
      sessionPeerSubject(app, '*'),
      ...bucketRights(records),
      logSubject(events, '>'),
      `${JS}.STREAM.INFO.${logStream(events)}`,
      `${JS}.STREAM.PURGE.${logStream(events)}`,
      `${JS}.DIRECT.GET.${logStream(events)}`,
    ],
    subscribe: [sessionNewsSubject(app), sessionPeerSubject(app, '*')],
  };
}

const bucketRights = (name: string): string[] => [
  bucketSubject(name),
  `${JS}.STREAM.INFO.${bucketStream(name)}`,
  `${JS}.DIRECT.GET.${bucketStream(name)}.>`,
];

const ofGateway = (agents: readonly AgentContract[]): Rights => ({
  publish: [
    ...agents.map(({ name }) => toolSubject(name, ALL_TOOLS)),
    ...[UPLOAD_LOCKS, UPLOAD_LEDGER].flatMap(bucketRights),
  ],
  subscribe: [],
});

function ofAgent(contract: AgentContract, agents: readonly AgentContract[]): Rights {
  const { name, needs, events } = contract;
  return {
    publish: [
      // Its own endpoint calls it over the bus, too.
      toolSubject(name, ALL_TOOLS),
      ...Object.entries(needs).flatMap(([other, tools]) => [
        cancelSubject(other),
        ...tools.map((tool) => toolSubject(other, tool)),
      ]),
      ...Object.values(events).map(eventSubject),
      ...eventsHeard(contract, agents).flatMap((event) => consumerRights(durableName(name, eventSubject(event)))),
    ],
    subscribe: [toolSubject(name, ALL_TOOLS)],
  };
}

/**
 * To take events from a consumer that is there. None may make one, or a stream: a stream may gather whatever subject it likes,
 * and a consumer may send what it holds wherever it likes, whatever its maker may publish.
 */
const consumerRights = (consumer: string): string[] => [
  `${JS}.CONSUMER.INFO.${STREAM}.${consumer}`,
  `${JS}.CONSUMER.MSG.NEXT.${STREAM}.${consumer}`,
  `$JS.ACK.${STREAM}.${consumer}.>`,
  // As newer brokers write it: domain and account stand before the stream.
  `$JS.ACK.*.*.${STREAM}.${consumer}.>`,
];

/** The Sentinel makes the streams and consumers of all: everybody's rights are its word anyway. */
const OF_SENTINEL: Rights = { publish: [...SENTINEL_TELLS, `${JS}.>`], subscribe: [] };

/** The Mechanic asks workers, and reads logs that are open from those that write them; both tell each other what became of jobs. */
const OF_MECHANIC: Rights = {
  publish: [...MECHANIC_TELLS, workerSubject('*'), JOBS_SUBJECT],
  subscribe: [JOBS_SUBJECT],
};
/** A worker serves no tools, and needs none: what it does stands in the rows that it may write to. */
const OF_WORKER: Rights = { publish: [JOBS_SUBJECT], subscribe: [JOBS_SUBJECT, workerSubject('*')] };
