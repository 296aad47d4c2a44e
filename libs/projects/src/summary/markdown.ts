// A summary for people: sections with their statements, each with files and lines. What a project's files say stays text: nothing of
// it becomes a heading, a link or HTML.
import type { ProjectSummary } from '@labmesh/contracts';
import type { Section, Statement } from './statement.js';

const TITLES: Readonly<Record<Section, string>> = {
  overview: 'Overview',
  purpose: 'Purpose',
  entry_points: 'Entry points',
  modules: 'Modules',
  data_flow: 'Data flow',
  run: 'How to run it',
  configuration: 'Configuration',
  tests: 'Tests',
  licences: 'Licences',
};

/** Code in backticks stays as it is; elsewhere nothing is markup. An underscore inside a word is none. */
const plain = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, at) =>
      at % 2 === 1 ? part : part.replace(/[\\<>[\]*#|!~&`]|(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '\\$&'),
    )
    .join('');

const code = (text: string): string => `\`${text.replaceAll('`', '')}\``;

/** What programs can tell of it, and what they cannot. */
const BY_MODEL = 'What is marked *model* was written by the language model';
const CHECKED = 'from what files say. That its lines are there and speak of the same was checked; read them.';

function sentenceOf({ text, by, citations }: Statement): string {
  const places = citations.map(({ file, from, to }) => code(`${file}:${from}${to > from ? `-${to}` : ''}`));
  return `${plain(text)} (${by === 'model' ? '*model*: ' : ''}${[...new Set(places)].join(', ')})`;
}

export function markdownOf(name: string, summary: Omit<ProjectSummary, 'markdown'>): string {
  const { files, read, languages, statements, unknown, diagram, model } = summary;
  const sections = (Object.keys(TITLES) as Section[]).flatMap((section) => {
    const said = statements.filter((one) => one.section === section);
    if (said.length === 0 && section !== 'modules') return [];
    const lines = section === 'overview' ? [said.map(sentenceOf).join(' ')] : said.map((one) => `- ${sentenceOf(one)}`);
    const graph = section === 'modules' && diagram !== '' ? ['', '```mermaid', diagram, '```'] : [];
    return lines.length + graph.length === 0 ? [] : ['', `## ${TITLES[section]}`, '', ...lines, ...graph];
  });
  const of = languages.map(({ language, files: count, lines }) => `${language} (${count} files, ${lines} lines)`);
  return [
    `# ${plain(name)}`,
    '',
    ...(model === null ? [] : [`${BY_MODEL} ${code(model)}, ${CHECKED}`, '']),
    `${files} files, of which ${read} were read as text${of.length === 0 ? '' : `: ${of.join(', ')}`}.`,
    ...sections,
    ...(unknown.length === 0 ? [] : ['', '## What could not be told', '', ...unknown.map((one) => `- ${plain(one)}`)]),
    '',
  ].join('\n');
}
