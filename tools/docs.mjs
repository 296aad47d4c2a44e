// Writes the generated parts of the docs: each agent's tables of tools, resources and prompts, the error table and the roles. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AGENTS,
  ERROR_CODES,
  gatewayName,
  publicTools,
  ROLE_PERMISSIONS,
  ROLES,
  TOOLSETS,
} from '../libs/contracts/dist/index.js';

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

const rolesWith = (permission) => ROLES.filter((role) => ROLE_PERMISSIONS[role].includes(permission)).join(', ');

function toolTable(agent) {
  const rows = publicTools([agent]).map(({ tool, spec }) => [
    `\`${gatewayName(agent.name, tool)}\``,
    spec.title,
    spec.effect,
    rolesWith(spec.permission),
  ]);
  return table(['tool', 'does', 'effect', 'roles'], rows);
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
          property.default === undefined ? undefined : `Default: \`${JSON.stringify(property.default)}\``,
        ]
          .filter(Boolean)
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
      return `### \`${gatewayName(agent.name, tool)}\`\n\n${spec.description}\n\nPermission \`${spec.permission}\`; at most ${spec.timeoutMs / 1_000} s.\n\n${input}\n\n${output}${errors}`;
    })
    .join('\n\n');
}

/** Resources and prompts of an agent, after its tools; nothing where it has none. */
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
  const sections = [
    ['Resources', ['URI', 'what it is', 'MIME type', 'listed', 'roles', 'in the audit log'], resources],
    ['Prompts', ['prompt', 'for', 'arguments', 'roles'], prompts],
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

const toolsetTable = () =>
  table(
    ['name', 'for', 'holds'],
    Object.entries(TOOLSETS).map(([name, { title, holds }]) => [
      `\`${name}\``,
      title,
      name === 'search'
        ? '`search_tools`, `describe_tool`'
        : holds.map((member) => `\`${member.includes('_') ? member : `${member}_*`}\``).join(', '),
    ]),
  );

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
