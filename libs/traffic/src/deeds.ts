// What principals do, one deed at a time, with arguments that the contracts accept. Most go well; some fail as real ones do.
import { GRANTABLE_ROLES } from '@labmesh/contracts';
import { Prose } from './prose.js';
import { type Random, uuid } from './random.js';
import type { Deed, Principal } from './simulated-call.js';
import { DOCUMENTS, LICENCES, VIALS } from './words.js';

/** What the deeds of one lab share. */
export interface Surroundings {
  readonly random: Random;
  readonly prose: Prose;
  readonly labDatasets: readonly string[];
  readonly principals: readonly Principal[];
}

type Make = (lab: Surroundings, who: Principal) => Deed;

const dataset = ({ random, labDatasets }: Surroundings, who: Principal): string =>
  who.datasets.length > 0 && random.chance(0.6) ? random.pick(who.datasets) : random.pick(labDatasets);

const list: Make = ({ random, prose }) => ({
  agent: 'curator',
  tool: 'list_available_datasets',
  arguments: random.chance(0.5)
    ? {
        query: random.chance(0.5) ? prose.noun() : `${prose.adjective()} ${prose.noun()}`,
        limit: random.pick([10, 20, 50]),
      }
    : {},
  outputBytes: random.logNormal(6_000, 0.6),
  durationMs: random.logNormal(6, 0.5),
});

const fetch: Make = (lab, who) => {
  const { random } = lab;
  const limit = random.pick([10, 50, 100, 200, 1_000]);
  return {
    agent: 'curator',
    tool: 'fetch_dataset',
    arguments: { datasetId: dataset(lab, who), offset: random.chance(0.3) ? limit * random.whole(1, 9) : 0, limit },
    outputBytes: limit * random.logNormal(90, 0.5),
    durationMs: random.logNormal(20, 0.7),
  };
};

const submit: Make = (lab, who) => {
  const { random, prose } = lab;
  const columns = prose.columns();
  const rows = Array.from({ length: random.whole(2, 60) }, () => prose.record(columns));
  const format = random.pick(['json', 'csv', 'yaml'] as const);
  if (who.datasets.length < 40) who.datasets.push(`ds_${uuid(random)}`);
  const provenance = random.chance(0.6)
    ? { license: random.pick(LICENCES), source: random.chance(0.5) ? prose.url() : prose.sentence().slice(0, 400) }
    : {};
  const data = random.chance(0.15) ? { url: prose.url() } : { content: written(format, columns, rows) };
  return {
    agent: 'curator',
    tool: 'submit_dataset',
    arguments: {
      name: prose.title().slice(0, 120),
      description: prose.sentences(0, 3).slice(0, 1_900),
      format,
      ...data,
      ...provenance,
    },
    durationMs: random.logNormal(80, 0.6),
  };
};

function written(
  format: 'json' | 'csv' | 'yaml',
  columns: readonly string[],
  rows: ReadonlyArray<Record<string, unknown>>,
): string {
  if (format === 'json') return JSON.stringify(rows, null, rows.length % 2 === 0 ? 2 : undefined);
  if (format === 'csv')
    return [columns.join(','), ...rows.map((row) => columns.map((column) => row[column] ?? '').join(','))].join('\n');
  return rows
    .map((row) =>
      Object.entries(row)
        .map(([key, value], at) => `${at === 0 ? '-' : ' '} ${key}: ${value ?? '~'}`)
        .join('\n'),
    )
    .join('\n');
}

const validate: Make = (lab, who) => {
  const { random, prose } = lab;
  const columns = prose.columns();
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      columns.map((column) => [
        column,
        { type: random.pick(['string', 'number', 'integer']), description: prose.title() },
      ]),
    ),
    required: columns.slice(0, 2),
  };
  return {
    agent: 'curator',
    tool: 'validate_data_schema',
    arguments: random.chance(0.5)
      ? { datasetId: dataset(lab, who) }
      : { rows: Array.from({ length: random.whole(1, 12) }, () => prose.record(columns)), schema },
    durationMs: random.logNormal(25, 0.5),
  };
};

const transform: Make = (lab, who) => ({
  agent: 'curator',
  tool: 'transform_data_format',
  arguments: {
    datasetId: dataset(lab, who),
    to: lab.random.pick(['csv', 'json', 'parquet', 'yaml']),
    ...(lab.random.chance(0.4) ? { name: lab.prose.title().slice(0, 120) } : {}),
  },
  durationMs: lab.random.logNormal(90, 0.5),
});

const readResource: Make = (lab, who) => ({
  agent: 'curator',
  tool: 'dataset:read',
  arguments: { uri: `dataset://${dataset(lab, who)}` },
  outputBytes: lab.random.logNormal(30_000, 0.8),
  durationMs: lab.random.logNormal(15, 0.5),
});

const ask: Make = ({ random, prose }) => ({
  agent: 'librarian',
  tool: 'query_knowledge_base',
  arguments: { question: prose.question(), ...(random.chance(0.2) ? { limit: random.whole(1, 10) } : {}) },
  outputBytes: random.logNormal(2_500, 0.4),
  durationMs: random.logNormal(9, 0.5),
});

const readDocument: Make = ({ random }) => ({
  agent: 'librarian',
  tool: 'get_document',
  arguments: { file: random.pick(DOCUMENTS) },
  outputBytes: random.logNormal(7_000, 0.5),
});

const logSolution: Make = ({ random, prose }) => ({
  agent: 'librarian',
  tool: 'log_new_solution',
  arguments: {
    title: prose.title().padEnd(3, '.').slice(0, 140),
    problem: prose.sentences(1, 6).slice(0, 8_000),
    solution: prose.sentences(1, 10).slice(0, 16_000),
    tags: random.some(
      ['pump', 'csv', 'schema', 'vacuum', 'python', 'flare', 'wallet', 'c++', 'how-to', 'R&D'],
      random.whole(0, 4),
    ),
  },
});

const simple =
  (agent: string, tool: string, outputBytes: number): Make =>
  ({ random }) => ({ agent, tool, arguments: {}, outputBytes: random.logNormal(outputBytes, 0.2) });

const readme: Make = ({ random }) => ({
  agent: 'architect',
  tool: 'get_template_readme',
  arguments: { name: random.pick(VIALS) },
  outputBytes: 8_000,
});

const balance: Make = ({ random }, who) => ({
  agent: 'chancellor',
  tool: 'get_balance',
  arguments: random.chance(0.3) ? { walletId: who.walletId, limit: random.whole(1, 50) } : {},
  outputBytes: random.logNormal(2_000, 0.5),
});

const pay: Make = ({ random, prose, principals }) => ({
  agent: 'chancellor',
  tool: 'execute_transaction',
  arguments: {
    to: random.pick(principals).walletId,
    amount: (random.next() * 20).toFixed(random.whole(0, 6)),
    ...(random.chance(0.6)
      ? {
          memo: random
            .pick([
              prose.title(),
              `${prose.noun()} ${prose.day()}`,
              `Thanks, ${prose.person()}!`,
              `Invoice #${random.whole(1, 9_999)}`,
            ])
            .slice(0, 140),
        }
      : {}),
    idempotencyKey: random.pick([uuid(random), `pay-${prose.day()}-${random.whole(1_000, 9_999)}`]),
  },
  outcome: random.chance(0.04) ? 'insufficient_funds' : 'ok',
});

const makeToken: Make = ({ random, prose }) => ({
  agent: 'sentinel',
  tool: 'generate_wallet_token',
  arguments: random.chance(0.5)
    ? {
        kind: 'client_key',
        ttlSeconds: 86_400 * random.whole(1, 90),
        label: random.pick([`${prose.person()}'s notebook`, prose.slug(), 'VS Code', 'Cursor (laptop)']).slice(0, 80),
      }
    : {},
});

const listTokens = simple('sentinel', 'list_tokens', 2_000);
const openWallet: Make = ({ random, prose }) => ({
  agent: 'chancellor',
  tool: 'create_boilerplate_wallet',
  arguments: { role: random.pick(GRANTABLE_ROLES), label: random.pick([prose.person(), `Field team ${prose.noun()}`]) },
});
const audit: Make = ({ random, principals }) => ({
  agent: 'sentinel',
  tool: 'audit_log_stream',
  arguments: random.pick([
    { limit: 100 },
    { decision: 'deny' },
    { outcome: 'forbidden', limit: 50 },
    { walletId: random.pick(principals).walletId },
  ]),
  outputBytes: random.logNormal(40_000, 0.4),
});
const prompt: Make = (lab, who) => ({
  agent: 'curator',
  tool: 'prompt:explore_dataset',
  arguments: { datasetId: dataset(lab, who) },
  outputBytes: 1_500,
});

const health = simple('mechanic', 'get_system_health', 6_000);
const manifest = simple('librarian', 'get_agent_manifest', 9_000);
const templates = simple('architect', 'list_available_templates', 3_000);

const CITIZEN: ReadonlyArray<readonly [number, Make]> = [
  [18, list],
  [26, fetch],
  [4, validate],
  [5, readResource],
  [20, ask],
  [6, readDocument],
  [4, manifest],
  [5, templates],
  [5, readme],
  [5, balance],
  [2, pay],
  [1, makeToken],
  [1, listTokens],
  [1, prompt],
];
const RESEARCHER: typeof CITIZEN = [...CITIZEN, [9, submit], [6, transform], [5, logSolution]];

export const DEEDS: Readonly<Record<Principal['role'], ReadonlyArray<readonly [number, Make]>>> = {
  citizen: CITIZEN,
  researcher: RESEARCHER,
  validator: [...CITIZEN, [30, validate], [12, logSolution]],
  developer: [...RESEARCHER, [25, health], [10, manifest]],
  operator: [
    [20, health],
    [20, audit],
    [10, manifest],
    [6, openWallet],
    [10, balance],
    [6, makeToken],
    [6, listTokens],
    [10, ask],
    [8, list],
    [6, readDocument],
  ],
};

/** The same few deeds every night. */
export const SCRIPT_DEEDS: readonly Make[] = [list, fetch, fetch, transform, submit, validate];

/** Failures that nobody is to blame for, or that a mistake explains. */
export function mishap(deed: Deed, { random, prose }: Surroundings): Deed {
  if (deed.outcome !== undefined && deed.outcome !== 'ok') return deed;
  const chance = random.next();
  if (chance < 0.012) return { ...deed, outcome: 'invalid_input' };
  if (chance < 0.02 && 'datasetId' in deed.arguments)
    return { ...deed, arguments: { ...deed.arguments, datasetId: `ds_${prose.slug()}` }, outcome: 'not_found' };
  if (chance < 0.0215 && deed.agent === 'librarian') return { ...deed, outcome: 'deadline_exceeded' };
  if (chance < 0.0235) return { ...deed, outcome: 'forbidden' };
  if (chance < 0.026) return { ...deed, outcome: 'cancelled' };
  return deed;
}
