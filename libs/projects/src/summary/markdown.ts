// A summary for people: sections with their statements, each with files and lines. What a project's files say stays text: nothing of
// it becomes a heading, a link or HTML.
import type { ProjectSummary } from '@labmesh/contracts';
import type { Section } from './statement.js';

const TITLES: Readonly<Record<Section, string>> = {
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

export function markdownOf(name: string, summary: Omit<ProjectSummary, 'markdown'>): string {
  const { files, read, languages, statements, unknown, diagram } = summary;
  const sections = (Object.keys(TITLES) as Section[]).flatMap((section) => {
    const said = statements.filter((one) => one.section === section);
    if (said.length === 0 && section !== 'modules') return [];
    const lines = said.map(({ text, citations }) => {
      const places = citations.map(({ file, from, to }) => code(`${file}:${from}${to > from ? `-${to}` : ''}`));
      return `- ${plain(text)} (${[...new Set(places)].join(', ')})`;
    });
    const graph = section === 'modules' && diagram !== '' ? ['', '```mermaid', diagram, '```'] : [];
    return lines.length + graph.length === 0 ? [] : ['', `## ${TITLES[section]}`, '', ...lines, ...graph];
  });
  const of = languages.map(({ language, files: count, lines }) => `${language} (${count} files, ${lines} lines)`);
  return [
    `# ${plain(name)}`,
    '',
    `${files} files, of which ${read} were read as text${of.length === 0 ? '' : `: ${of.join(', ')}`}.`,
    ...sections,
    ...(unknown.length === 0 ? [] : ['', '## What could not be told', '', ...unknown.map((one) => `- ${plain(one)}`)]),
    '',
  ].join('\n');
}
