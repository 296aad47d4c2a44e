// The door of @labmesh/projects/summary, which stands apart as few processes ever need its parsers: what a project does, from its code
// and structure alone: no model, no network, nothing is run. The same files give the same summary; `withModel` adds what somebody
// else had a model say of it.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { type ProjectSummary, SUMMARY_SECTIONS } from '@labmesh/contracts';
import { byPath, type ProjectFile } from '../project-file.js';
import { Project } from '../rules/project/project.js';
import { isEnvironmentFile } from '../rules/secrets/environment-files.js';
import { accessOf } from './code/access.js';
import { Imports } from './code/imported.js';
import { type Module, modulesOf, type Reading } from './code/modules.js';
import { diagramOf } from './diagram.js';
import { markdownOf } from './markdown.js';
import { configuration } from './sections/configuration.js';
import { dataFlow, moduleMap } from './sections/module-map.js';
import { purpose } from './sections/purpose.js';
import { entryPoints, run } from './sections/running.js';
import type { Seen } from './sections/seen.js';
import { licences, tests } from './sections/tests-and-licences.js';
import { type Section, type Statement, several } from './statement.js';

export { TextFile } from '../rules/project/project.js';
export { linesWithSecrets } from '../rules/secrets/lines-with-secrets.js';
export { cite, quoted, several } from './statement.js';

/** Statements of one section; the rest is counted. */
const SECTION_MAX = 60;
const MODULES_MAX = 300;
/** For reading code: what is left then is told by name. */
const WITHIN_MS = 20_000;
const NAMES_MAX = 30;

export interface Summarized {
  readonly name: string;
  /** Without `.env` itself: its values are nobody's to read. */
  readonly files: readonly ProjectFile[];
  /** Files of the project that are not among them: too large, or no text. */
  readonly unread: readonly string[];
}

/** A model alone tells it all in one. */
const SECTIONS: Readonly<Record<Exclude<Section, 'overview'>, (seen: Seen) => Statement[]>> = {
  purpose,
  entry_points: entryPoints,
  modules: moduleMap,
  data_flow: dataFlow,
  run,
  configuration,
  tests,
  licences,
};

export async function summarize(
  { name, files, unread }: Summarized,
  reading: Reading = { withinMs: WITHIN_MS },
): Promise<ProjectSummary> {
  const project = new Project(byPath(files.filter(({ path }) => !isEnvironmentFile(path))));
  const { modules, left } = await modulesOf(project, reading);
  const imports = new Imports(modules);
  const seen: Seen = { project, modules, imports, access: accessOf(modules, imports.outside) };
  const all: (readonly [Section, Statement[]])[] = [];
  for (const [section, make] of Object.entries(SECTIONS)) {
    await othersTurn();
    reading.signal?.throwIfAborted();
    all.push([section as Section, make(seen)]);
  }
  const statements = all.flatMap(([, said]) => said.slice(0, SECTION_MAX));
  const more = all
    .filter(([, said]) => said.length > SECTION_MAX)
    .map(([section]) => `Of ${section} the first ${SECTION_MAX} statements are here; there are more.`);
  const languages = languagesOf(project);
  const summary = {
    files: files.length + unread.length,
    read: project.texts.length,
    languages,
    model: null,
    statements,
    modules: modules.slice(0, MODULES_MAX).map((module) => moduleEntry(module, seen)),
    unknown: [...notTold(seen, { left, unread, languages, said: new Map(all) }), ...more],
    diagram: diagramOf(seen),
  };
  return { ...summary, markdown: markdownOf(name, summary) };
}

export interface ToldByModel {
  readonly model: string;
  /** Each with its proof. */
  readonly statements: readonly Statement[];
  /** What is missing of them, and why. */
  readonly unknown: readonly string[];
}

/** With a model's statements before those of rules, which all stay. Without any, it is the summary as it was, and what is missing. */
export function withModel(name: string, summary: ProjectSummary, told: ToldByModel): ProjectSummary {
  const statements = SUMMARY_SECTIONS.flatMap((section) =>
    [...told.statements, ...summary.statements].filter((one) => one.section === section),
  );
  const model = told.statements.length === 0 ? null : told.model;
  const whole = { ...summary, model, statements, unknown: [...summary.unknown, ...told.unknown] };
  return { ...whole, markdown: markdownOf(name, whole) };
}

function moduleEntry({ file, language, lines, facts }: Module, { imports }: Seen): ProjectSummary['modules'][number] {
  const unique = (names: readonly string[]): string[] => [...new Set(names)].slice(0, NAMES_MAX);
  return {
    path: file.path,
    language,
    lines,
    exports: unique(facts.exports.map(({ name }) => name)),
    imports: unique(imports.edges.filter(({ from }) => from.file === file).map(({ to }) => to.file.path)),
    packages: unique(
      imports.outside.filter(({ by, standard }) => by.file === file && !standard).map(({ name }) => name),
    ),
  };
}

const LANGUAGES: readonly (readonly [RegExp, string])[] = [
  [/\.pyi?$/, 'Python'],
  [/\.[cm]?tsx?$/, 'TypeScript'],
  [/\.[cm]?jsx?$/, 'JavaScript'],
  [/\.ipynb$/, 'Jupyter notebook'],
  [/\.(sh|bash)$/, 'Shell'],
  [/\.go$/, 'Go'],
  [/\.rs$/, 'Rust'],
  [/\.(c|h|cc|cpp|hpp)$/, 'C or C++'],
  [/\.java$/, 'Java'],
  [/\.r$/i, 'R'],
  [/\.jl$/, 'Julia'],
  [/\.sql$/, 'SQL'],
  [/\.md$/, 'Markdown'],
];
/** Those whose code is read, and those that hold none. */
const UNDERSTOOD = new Set(['Python', 'TypeScript', 'JavaScript', 'Jupyter notebook', 'Markdown']);

function languagesOf(project: Project): ProjectSummary['languages'] {
  const counts = new Map<string, { files: number; lines: number }>();
  for (const { path, lines } of project.texts) {
    const language = LANGUAGES.find(([pattern]) => pattern.test(path))?.[1];
    if (language === undefined) continue;
    const { files, lines: before } = counts.get(language) ?? { files: 0, lines: 0 };
    counts.set(language, { files: files + 1, lines: before + lines.length });
  }
  return [...counts].map(([language, count]) => ({ language, ...count })).sort((a, b) => b.lines - a.lines);
}

interface Left {
  readonly left: readonly string[];
  readonly unread: readonly string[];
  readonly languages: ProjectSummary['languages'];
  readonly said: ReadonlyMap<Section, readonly Statement[]>;
}

const MISSED: readonly (readonly [Section, string])[] = [
  ['purpose', 'What it is for: neither a manifest nor a README says it.'],
  ['entry_points', 'Where it begins: no manifest, container file or main module names an entry.'],
  ['run', 'How it is run: no script, make target, container file or command of a README was found.'],
  ['tests', 'How it is tested: no test was found.'],
  ['licences', 'Its licence: no licence file or manifest names one.'],
];

function notTold({ project, modules }: Seen, { left, unread, languages, said }: Left): string[] {
  const structure = languages.filter(({ language }) => !UNDERSTOOD.has(language));
  const places = (pick: (module: Module) => readonly { readonly from: number; readonly to: number }[]): string[] =>
    modules.flatMap((module) => pick(module).map((span) => `${module.file.path}:${module.at(span).from}`));
  const faulty = places(({ facts }) => facts.faults.slice(0, 1));
  const computed = {
    modules: places(({ facts }) => facts.computed.modules),
    variables: places(({ facts }) => facts.computed.variables),
  };
  const invalid = project.texts.flatMap(({ path, document }) =>
    (document?.faults ?? []).slice(0, 1).map(({ line }) => `${path}:${line}`),
  );
  return [
    ...MISSED.filter(([section]) => said.get(section)?.length === 0).map(([, text]) => text),
    ...(unread.length > 0 ? [`Files that were not read, as they are no text or too large: ${several(unread)}.`] : []),
    ...(left.length > 0 ? [`Code that was not parsed, as it is too long or no time was left: ${several(left)}.`] : []),
    ...(faulty.length > 0 ? [`Code of which a part was not understood: ${several(faulty)}.`] : []),
    ...(invalid.length > 0 ? [`Configuration that cannot be read: ${several(invalid)}.`] : []),
    ...(structure.length > 0
      ? [
          `What code does in ${several(structure.map(({ language }) => language))}: these are known by their files alone.`,
        ]
      : []),
    ...(computed.modules.length > 0
      ? [`Which modules are loaded by a name that is made at ${several(computed.modules)}.`]
      : []),
    ...(computed.variables.length > 0
      ? [`Which variables are read by a name that is made at ${several(computed.variables)}.`]
      : []),
  ];
}
