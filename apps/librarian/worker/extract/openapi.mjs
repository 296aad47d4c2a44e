// An OpenAPI description as Markdown: every operation is a section with what it does, takes and answers.
import { parseDocument } from 'yaml';
import { MarkdownText, prose, proseLine } from './markdown.mjs';
import { Refused } from './refused.mjs';

/** Times that aliases may repeat a node: enough for anchors by hand, too few for a bomb. */
const ALIASES_MAX = 50;
const OPERATIONS_MAX = 5_000;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];
/** References that lead to references. */
const REFERENCES_MAX = 20;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const entries = (value) => (isObject(value) ? Object.entries(value) : []);
const words = (value) => (typeof value === 'string' ? value : '');

export function fromOpenApi(text, name) {
  const api = parsed(text);
  const version = isObject(api) ? (api.openapi ?? api.swagger) : undefined;
  if (version === undefined || !isObject(api.paths ?? {}))
    throw new Refused('it is no OpenAPI description: its "openapi" or "swagger" is missing');
  const out = new MarkdownText();
  out.heading(1, words(api.info?.title) || name);
  out.block(prose(words(api.info?.description)));
  const servers = (Array.isArray(api.servers) ? api.servers : []).map((server) => words(server?.url)).filter(Boolean);
  if (servers.length > 0) out.block(`Servers: ${proseLine(servers.join(', '))}`);
  let count = 0;
  for (const [path, given] of [...entries(api.paths), ...entries(api.webhooks)]) {
    const item = followed(api, given);
    for (const method of METHODS.filter((each) => isObject(item?.[each]))) {
      count += 1;
      if (count > OPERATIONS_MAX) throw new Refused(`it has more than ${OPERATIONS_MAX} operations`);
      writeOperation(out, api, { path, method, operation: item[method], shared: item.parameters });
    }
  }
  return { text: out.toString(), title: words(api.info?.title).slice(0, 200) || undefined };
}

function parsed(text) {
  if (/^\s*\{/.test(text)) return JSON.parse(text);
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false });
  const [problem] = document.errors;
  if (problem !== undefined) throw new Refused(`it is no YAML: ${problem.message.split('\n')[0]}`);
  return document.toJS({ maxAliasCount: ALIASES_MAX });
}

/** What a reference within the description means; undefined for one that leads nowhere. */
function followed(api, given) {
  let value = given;
  for (let steps = 0; isObject(value) && typeof value.$ref === 'string'; steps += 1) {
    if (steps >= REFERENCES_MAX || !value.$ref.startsWith('#/')) return undefined;
    value = value.$ref
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), api);
  }
  return value;
}

function writeOperation(out, api, { path, method, operation, shared }) {
  out.heading(2, `${method.toUpperCase()} ${path}`);
  const about = [words(operation.summary), words(operation.description)].filter((text) => text !== '');
  for (const text of new Set(about)) out.block(prose(text));
  const facts = [
    words(operation.operationId) && `Operation \`${words(operation.operationId)}\`.`,
    operation.deprecated === true && 'It is deprecated.',
    Array.isArray(operation.tags) && operation.tags.length > 0 && `Tags: ${operation.tags.map(String).join(', ')}.`,
  ].filter(Boolean);
  if (facts.length > 0) out.block(proseLine(facts.join(' ')));
  const parameters = [...listOf(shared), ...listOf(operation.parameters)]
    .map((each) => followed(api, each))
    .filter(isObject);
  const takes = parameters.map((each) =>
    member(
      `${words(each.name)} (${words(each.in)}${each.required === true ? ', required' : ''})`,
      each.schema ?? each,
      words(each.description),
    ),
  );
  if (takes.length > 0) out.block(`Parameters:\n\n${takes.join('\n')}`);
  writeContent(out, api, 'Body', followed(api, operation.requestBody));
  for (const [status, given] of entries(operation.responses)) {
    const response = followed(api, given);
    writeContent(out, api, `Answer ${status}`, response);
  }
}

const listOf = (value) => (Array.isArray(value) ? value : []);

function writeContent(out, api, what, given) {
  if (!isObject(given)) return;
  const [[media, content] = [undefined, { schema: given.schema }]] = entries(given.content);
  const schema = followed(api, content?.schema);
  const fields = entries(isObject(schema) ? (followed(api, schema.items)?.properties ?? schema.properties) : undefined);
  const head = proseLine(`${what}${media === undefined ? '' : ` (${media})`}: ${words(given.description)}`);
  const list = fields.map(([name, field]) => {
    const shape = followed(api, field);
    return member(name, shape, words(shape?.description));
  });
  out.block(list.length === 0 ? head : `${head}\n\n${list.join('\n')}`);
}

function member(name, schema, description) {
  const type = [schema?.type ?? ''].flat().map(String).join(' or ');
  const values = Array.isArray(schema?.enum) ? `one of ${schema.enum.slice(0, 20).map(String).join(', ')}` : '';
  const rest = [type, values, description.replace(/\s+/g, ' ').trim()].filter((text) => text !== '').join('. ');
  return `- \`${name.replaceAll('`', '')}\`${rest === '' ? '' : `: ${rest}`}`;
}
