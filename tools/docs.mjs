// Writes the generated parts of the docs: each agent's tables of tools, resources and prompts, the error table and the roles. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ARCHITECT_SETTINGS } from '../apps/architect/dist/config.js';
import { CHANCELLOR_SETTINGS } from '../apps/chancellor/dist/config.js';
import { writeValue } from '../apps/chancellor/dist/governance/parameters/parameter-kind.js';
import { PARAMETERS } from '../apps/chancellor/dist/governance/parameters/parameter-registry.js';
import { explainedProgram } from '../apps/cli/dist/explained-program.js';
import { CURATOR_SETTINGS } from '../apps/curator/dist/config.js';
import { GATEWAY_SETTINGS } from '../apps/gateway/dist/config.js';
import { LIBRARIAN_SETTINGS } from '../apps/librarian/dist/config.js';
import { MECHANIC_SETTINGS } from '../apps/mechanic/dist/config.js';
import { SENTINEL_SETTINGS } from '../apps/sentinel/dist/config.js';
import { WORKER_SETTINGS } from '../apps/worker/dist/config.js';
import {
  AGENTS,
  ERROR_CODES,
  gateway,
  gatewayName,
  publicTools,
  REWARDED_EVENTS,
  ROLE_PERMISSIONS,
  ROLES,
  TOOLSETS,
} from '../libs/contracts/dist/index.js';
import { PROJECT_RULES } from '../libs/projects/dist/rules/door.js';
import { PROCESS_SETTINGS } from '../libs/runtime/dist/config.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');

const typeOf = (schema) => {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`;
  return schema.format ?? schema.type ?? 'any';
};

/** What a value must be beside its type, in words: `8 to 64 characters`, `0 to 200`, `at most 20 items`. */
const boundsOf = ({
  minLength,
  maxLength,
  minimum,
  maximum,
  exclusiveMinimum,
  minItems,
  maxItems,
  pattern,
  ...schema
}) => {
  const range = (from, to, unit) => {
    const [low, high] = [
      from === -Number.MAX_SAFE_INTEGER ? undefined : from,
      to === Number.MAX_SAFE_INTEGER ? undefined : to,
    ];
    if (low !== undefined && high !== undefined) return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
    if (high !== undefined) return `at most ${high}${unit}`;
    return low === undefined ? undefined : `at least ${low}${unit}`;
  };
  const item = schema.type === 'array' ? boundsOf(schema.items ?? {}) : [];
  return [
    range(minLength, maxLength, ' characters'),
    exclusiveMinimum === undefined
      ? range(minimum, maximum, '')
      : `more than ${exclusiveMinimum}${maximum === undefined ? '' : `, at most ${maximum}`}`,
    range(minItems, maxItems, ' items'),
    pattern === undefined || schema.format !== undefined ? undefined : `of the form \`${pattern}\``,
    ...item.map((bound) => `each ${bound}`),
    ...(schema.anyOf ?? []).flatMap(boundsOf),
  ].filter((bound) => bound !== undefined);
};

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const rolesWith = (permission) => ROLES.filter((role) => ROLE_PERMISSIONS[role].includes(permission)).join(', ');

function toolTable(agent) {
  const rows = publicTools([agent]).map(({ tool, spec }) => [
    `\`${gatewayName(agent.name, tool)}\``,
    spec.title,
    spec.effect,
    spec.everyday ? 'yes' : '',
    rolesWith(spec.permission),
  ]);
  return table(['tool', 'does', 'effect', 'everyday', 'roles'], rows);
}

function toolDetails(agent) {
  return publicTools([agent])
    .map(({ tool, spec }) => {
      const schema = spec.input.toJSONSchema({ io: 'input' });
      const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => [
        `\`${name}\`${schema.required?.includes(name) ? '' : ' (optional)'}`,
        typeOf(property),
        [
          property.description,
          sentence(boundsOf(property).join(', ')),
          property.default === undefined ? undefined : `Default: \`${JSON.stringify(property.default)}\`.`,
        ]
          .filter(Boolean)
          .map((part) => (/[.…?!]$/.test(part) ? part : `${part}.`))
          .join(' '),
      ]);
      const input = rows.length === 0 ? 'Takes no input.' : table(['input', 'type', 'meaning'], rows);
      const output = table(
        ['output', 'type', 'meaning'],
        Object.entries(spec.output.toJSONSchema({ io: 'output' }).properties ?? {}).map(([name, property]) => [
          `\`${name}\``,
          typeOf(property),
          property.description ?? '',
        ]),
      );
      const errors =
        spec.errors.length === 0
          ? ''
          : `\n\nErrors of its own: ${spec.errors.map((code) => `\`${code}\``).join(', ')}.`;
      return `### \`${gatewayName(agent.name, tool)}\`\n\n${spec.description}\n\n${spec.everyday ? 'Everyday, so listed at `/mcp`. ' : ''}Permission \`${spec.permission}\`; at most ${spec.timeoutMs / 1_000} s.\n\n${input}\n\n${output}${errors}`;
    })
    .join('\n\n');
}

/** Resources, prompts and blobs of an agent, after its tools; nothing where it has none. */
function offerTables(agent) {
  const resources = Object.entries(agent.resources).map(([name, spec]) => [
    `\`${spec.uri}\``,
    spec.description,
    spec.mimeType ?? 'its own',
    spec.listed ? 'yes' : 'no',
    rolesWith(spec.permission),
    `\`${name}:read\``,
  ]);
  const prompts = Object.entries(agent.prompts).map(([name, spec]) => [
    `\`${gatewayName(agent.name, name)}\``,
    spec.description,
    Object.entries(spec.arguments.shape)
      .map(([argument, schema]) => `\`${argument}\`${schema.safeParse(undefined).success ? ' (optional)' : ''}`)
      .join(', ') || 'none',
    rolesWith(spec.permission),
  ]);
  const blobs =
    agent.blobs === undefined
      ? []
      : [['`/blobs/<id>`', agent.blobs.description, rolesWith(agent.blobs.permission), '`blob:open`']];
  const sections = [
    ['Resources', ['URI', 'what it is', 'MIME type', 'listed', 'roles', 'in the audit log'], resources],
    ['Prompts', ['prompt', 'for', 'arguments', 'roles'], prompts],
    ['Blobs', ['at the gateway', 'what it is', 'roles', 'in the audit log'], blobs],
  ];
  return sections
    .filter(([, , rows]) => rows.length > 0)
    .map(([title, head, rows]) => `\n\n## ${title}\n\n${table(head, rows)}`)
    .join('');
}

const errorTable = () =>
  table(
    ['code', 'HTTP', 'try again', 'exit code', 'meaning'],
    Object.entries(ERROR_CODES).map(([code, { http, retry, exit, meaning }]) => [
      `\`${code}\``,
      http,
      retry ? 'yes' : 'no',
      exit,
      meaning,
    ]),
  );
const roleTable = () => {
  const permissions = ROLE_PERMISSIONS.operator;
  return table(
    ['permission', ...ROLES],
    permissions.map((permission) => [
      `\`${permission}\``,
      ...ROLES.map((role) => (ROLE_PERMISSIONS[role].includes(permission) ? 'yes' : '')),
    ]),
  );
};

const membersOf = (holds) => {
  if (holds === 'all') return 'every tool';
  if (holds === 'everyday') return 'the everyday tools, `search_tools` and `describe_tool` among them';
  return holds
    .flatMap((member) => (member === gateway.name ? Object.keys(gateway.tools) : [member]))
    .map((member) => `\`${member.includes('_') ? member : `${member}_*`}\``)
    .join(', ');
};
const toolsetTable = () =>
  table(
    ['name', 'for', 'lists', 'lets call'],
    Object.entries(TOOLSETS).map(([name, { title, holds, open }]) => [
      `\`${name}\``,
      title,
      membersOf(holds),
      open ? 'everything' : 'these',
    ]),
  );

/** Settings as their schemas have them, a table for each kind of process that reads them. */
const settingTables = () =>
  [
    ['Every process', PROCESS_SETTINGS],
    ['The gateway', GATEWAY_SETTINGS],
    ['The Sentinel', SENTINEL_SETTINGS],
    ['The Chancellor', CHANCELLOR_SETTINGS],
    ['The Curator', CURATOR_SETTINGS],
    ['The Mechanic', MECHANIC_SETTINGS],
    ['The Architect', ARCHITECT_SETTINGS],
    ['The Librarian', LIBRARIAN_SETTINGS],
    ['A worker', WORKER_SETTINGS],
  ]
    .map(([who, { shape }]) => {
      const rows = Object.entries(shape).map(([name, schema]) => {
        const { without = '', description } = schema.meta();
        const form = schema.toJSONSchema({ io: 'output', unrepresentable: 'any' });
        const choices = form.enum === undefined ? '' : ` One of ${typeOf(form)}.`;
        const bounds =
          form.type === 'integer' || form.type === 'number' ? ` ${sentence(boundsOf(form).join(', '))}.` : '';
        return [`\`${name}\``, without, `${description}${choices}${bounds}`];
      });
      return `### ${who}\n\n${table(['variable', 'default', 'meaning'], rows)}`;
    })
    .join('\n\n');

const parameterTable = () =>
  table(
    ['parameter', 'in', 'at first', 'least', 'least of a DAO', 'most', 'meaning'],
    Object.entries(PARAMETERS).map(([name, { kind, initial, least, leastOfDao, most, meaning }]) => [
      `\`${name}\``,
      kind.replace('_', ' '),
      ...[initial, least, leastOfDao ?? least, most].map((value) => writeValue(kind, value)),
      meaning,
    ]),
  );

/** What a lab begins with. */
const rewardTable = () =>
  table(
    ['event', 'a lab begins with', 'times a day', 'told today by'],
    Object.entries(REWARDED_EVENTS).map(([event, agent]) => [
      `\`${event}\``,
      writeValue('amount', PARAMETERS[`rewards.${event}`].initial),
      writeValue('count', PARAMETERS[`rewards.${event}.per_day`].initial),
      agent === null ? 'nobody yet' : `the ${agent[0].toUpperCase()}${agent.slice(1)}`,
    ]),
  );

/** What a project is looked through for. */
const ruleTable = () =>
  table(
    ['rule', 'of', 'severity', 'finds', '`applyFixes`'],
    PROJECT_RULES.map(({ id, family, severity, title, fix }) => [`\`${id}\``, family, severity, title, fix ?? '']),
  );

const HELP_WIDTH = 110;
const EVERYWHERE = /\n\nOptions of every command:\n(?: .*\n)*(?: .*)?/;

/** Every command of the command line, as it explains itself. */
async function commandTable() {
  const program = await explainedProgram();
  const leaves = (command, words) =>
    command.commands.length === 0
      ? [[[...words, ...command.registeredArguments.map(argumentOf)].join(' '), command.description()]]
      : command.commands.flatMap((child) => leaves(child, [...words, child.name()]));
  return table(
    ['command', 'does'],
    leaves(program, []).map(([words, does]) => [`\`${words}\``, does]),
  );
}

/** The help of every command, whole; what all of them have, once. */
async function commandReference() {
  let said = '';
  const program = await explainedProgram(undefined, (text) => {
    said += text;
    return true;
  });
  program.configureOutput({ getOutHelpWidth: () => HELP_WIDTH, getOutHasColors: () => false });
  const helpOf = (command) => {
    said = '';
    command.outputHelp();
    return said.trim();
  };
  const everywhere = EVERYWHERE.exec(`${helpOf(program.commands.find((command) => command.name() === 'status'))}\n`);
  const sections = (command, words) => {
    // Groups are walked through: their own usage line says nothing but that.
    const help = helpOf(command)
      .replace(EVERYWHERE, '\n')
      .replace(/^Usage: .* \[command\]\n+/, '');
    const own =
      words.length === 0 ? [] : [`${'#'.repeat(words.length + 1)} ${words.join(' ')}\n\n\`\`\`\n${help}\n\`\`\``];
    return [...own, ...command.commands.flatMap((child) => sections(child, [...words, child.name()]))];
  };
  return [`\`\`\`\n${everywhere[0].trim()}\n\`\`\``, ...sections(program, [])].join('\n\n');
}
const argumentOf = (argument) => {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const between = (text, marker, content, file) => {
  const [start, end] = [`<!-- ${marker}:start -->`, `<!-- ${marker}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
};

const parts = [
  ...AGENTS.map((agent) => ({ file: `apps/${agent.name}/README.md`, marker: 'tools', content: toolTable(agent) })),
  ...AGENTS.map((agent) => ({
    file: `docs/${agent.name}.md`,
    marker: 'tools',
    content: toolDetails(agent) + offerTables(agent),
  })),
  { file: 'docs/errors.md', marker: 'errors', content: errorTable() },
  { file: 'docs/toolsets.md', marker: 'toolsets', content: toolsetTable() },
  { file: 'apps/cli/README.md', marker: 'commands', content: await commandTable() },
  { file: 'docs/command.md', marker: 'reference', content: await commandReference() },
  { file: 'docs/settings.md', marker: 'settings', content: settingTables() },
  { file: 'docs/governance.md', marker: 'parameters', content: parameterTable() },
  { file: 'docs/rewards.md', marker: 'rewards', content: rewardTable() },
  { file: 'docs/project-checks.md', marker: 'rules', content: ruleTable() },
  { file: 'docs/roles.md', marker: 'roles', content: roleTable() },
];

const check = process.argv.includes('--check');
const stale = [];
for (const { file, marker, content } of parts) {
  const before = readFileSync(`${ROOT}/${file}`, 'utf8');
  const after = between(before, marker, content, file);
  if (after === before) continue;
  if (check) stale.push(file);
  else writeFileSync(`${ROOT}/${file}`, after);
}
if (stale.length > 0) {
  console.error(
    `These files are older than the contracts: ${stale.join(', ')}. Run npm run docs and commit the result.`,
  );
  process.exit(1);
}
