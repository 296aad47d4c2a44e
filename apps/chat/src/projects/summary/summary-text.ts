// What a project does, in parts: statements by section, modules by folder.
import type { Module, Statement, Summary } from '../project.js';

const SECTIONS = [
  { section: 'overview', title: 'In short' },
  { section: 'purpose', title: 'Purpose' },
  { section: 'entry_points', title: 'Where it begins' },
  { section: 'modules', title: 'Modules' },
  { section: 'data_flow', title: 'What it uses and sends' },
  { section: 'run', title: 'How to run it' },
  { section: 'configuration', title: 'Configuration' },
  { section: 'tests', title: 'Tests' },
  { section: 'licences', title: 'Licences' },
] as const satisfies ReadonlyArray<{ section: Statement['section']; title: string }>;

export interface Section {
  readonly title: string;
  readonly statements: readonly Statement[];
}

/** In the order in which one reads; those without a statement are left out. */
export const sectionsOf = (statements: readonly Statement[]): Section[] =>
  SECTIONS.map(({ section, title }) => ({
    title,
    statements: statements.filter((statement) => statement.section === section),
  })).filter((section) => section.statements.length > 0);

/** `src/main.py:12`, `src/main.py:12–20`. */
export const linesText = ({ file, from, to }: Statement['citations'][number]): string =>
  from === to ? `${file}:${from}` : `${file}:${from}–${to}`;

/** "Python (3, 120 lines)": how many files, and how long they are. */
export const languagesText = ({ languages }: Pick<Summary, 'languages'>): string =>
  languages
    .map(
      ({ language, files, lines }) =>
        `${language} (${files.toLocaleString('en')}, ${lines.toLocaleString('en')} lines)`,
    )
    .join(', ');

export interface ModuleFolder {
  /** Empty: the project itself. */
  readonly folder: string;
  readonly modules: readonly Module[];
}

/** Modules by the folder that they are in, each by name. */
export function foldersOf(modules: readonly Module[]): ModuleFolder[] {
  const folders = new Map<string, Module[]>();
  for (const module of modules.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    const folder = module.path.slice(0, Math.max(0, module.path.lastIndexOf('/')));
    folders.set(folder, [...(folders.get(folder) ?? []), module]);
  }
  return [...folders].map(([folder, inside]) => ({ folder, modules: inside }));
}
