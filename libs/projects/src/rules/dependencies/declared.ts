// What a project says it needs: package.json for npm; requirements, pyproject.toml, environment.yml and `pip install` for Python.
import type { Project, TextFile } from '../project/project.js';
import { distributionName, readRequirement, type Requirement, requirementLines } from '../files/requirement.js';
import { instructionsOf, isDockerfile } from '../files/dockerfile.js';
import { REQUIREMENTS } from '../files/python-project.js';

export interface Declared {
  readonly file: TextFile;
  readonly line: number;
  /** As the registry compares names. */
  readonly name: string;
  readonly written: string;
  readonly range: string;
  /** Only for who works on the project. */
  readonly development: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NPM_MEMBERS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

export interface Manifest {
  readonly file: TextFile;
  /** Its own name, if it has one. */
  readonly name?: string;
  readonly needs: readonly Declared[];
}

/** Every package.json that can be read. */
export const npmManifests = (project: Project): Manifest[] =>
  project.named(/(^|\/)package\.json$/).flatMap((file) => {
    const value = file.document?.value;
    if (!isObject(value)) return [];
    const needs = NPM_MEMBERS.flatMap((member) =>
      Object.entries(isObject(value[member]) ? value[member] : {}).map(([name, range]) => ({
        file,
        line: file.document?.lineOf([member, name]) ?? 1,
        name,
        written: name,
        range: String(range),
        development: member === 'devDependencies',
      })),
    );
    return [{ file, needs, ...(typeof value.name === 'string' ? { name: value.name } : {}) }];
  });

const declared = (file: TextFile, line: number, found: Requirement, development: boolean): Declared => ({
  file,
  line,
  name: found.name,
  written: found.written,
  range: found.url ?? found.versions,
  development,
});

/** Lists in pyproject.toml that hold requirements, with their paths. */
function pyprojectLists(value: Readonly<Record<string, unknown>>): [readonly string[], readonly unknown[]][] {
  const project = isObject(value.project) ? value.project : {};
  const groups = [
    [['project', 'optional-dependencies'], project['optional-dependencies']],
    [['dependency-groups'], value['dependency-groups']],
  ] as const;
  return [
    [['project', 'dependencies'], Array.isArray(project.dependencies) ? project.dependencies : []],
    ...groups.flatMap(([path, lists]) =>
      Object.entries(isObject(lists) ? lists : {}).map(([name, list]): [readonly string[], readonly unknown[]] => [
        [...path, name],
        Array.isArray(list) ? list : [],
      ]),
    ),
  ];
}

function inPyproject(file: TextFile): Declared[] {
  const { document } = file;
  if (!isObject(document?.value)) return [];
  const listed = pyprojectLists(document.value).flatMap(([path, list]) =>
    list.flatMap((text, index) => {
      const found = typeof text === 'string' ? readRequirement(text) : undefined;
      return found ? [declared(file, document.lineOf([...path, index]), found, path[1] !== 'dependencies')] : [];
    }),
  );
  return [...listed, ...inPoetry(file, document.value)];
}

/** `[tool.poetry.dependencies]`: names and versions of their own form, which are not read. */
function inPoetry(file: TextFile, value: Readonly<Record<string, unknown>>): Declared[] {
  const poetry = isObject(value.tool) && isObject(value.tool.poetry) ? value.tool.poetry : {};
  return Object.keys(isObject(poetry.dependencies) ? poetry.dependencies : {})
    .filter((name) => name !== 'python')
    .map((name) => {
      const line = file.document?.lineOf(['tool', 'poetry', 'dependencies', name]) ?? 1;
      return { file, line, name: distributionName(name), written: name, range: '==0', development: false };
    });
}

function inConda(file: TextFile): Declared[] {
  const value = file.document?.value;
  const list = isObject(value) && Array.isArray(value.dependencies) ? value.dependencies : [];
  return list.flatMap((item: unknown, index) => {
    const line = file.document?.lineOf(['dependencies', index]) ?? 1;
    const texts = isObject(item) && Array.isArray(item.pip) ? item.pip : [String(item).replace(/=(?!=).*/, '')];
    return texts.flatMap((text) => {
      const found = readRequirement(String(text));
      return found && found.name !== 'python' ? [{ ...declared(file, line, found, false), range: '==0' }] : [];
    });
  });
}

const INSTALL = /\bpip3? install\s+([^&|;#]*)/g;

/** `pip install numpy==2`, in Dockerfiles, scripts and notebooks: enough for what is imported. */
function installed(project: Project): Declared[] {
  const rows = project.texts.flatMap((file) => {
    if (isDockerfile(file.path)) return instructionsOf(file).map(({ rest, line }) => ({ file, line, text: rest }));
    if (!/\.(sh|ipynb)$/.test(file.path)) return [];
    return file.lines.map((text, index) => ({ file, line: index + 1, text: text.replace(/\\n|["',]/g, ' ') }));
  });
  return rows.flatMap(({ file, line, text }) =>
    [...text.matchAll(INSTALL)].flatMap(([, words = '']) =>
      words
        .split(/\s+/)
        .filter((word) => /^["']?[A-Za-z]/.test(word) && !/\.(txt|whl)$/.test(word))
        .flatMap((word) => {
          const found = readRequirement(word.replace(/["']/g, ''));
          return found ? [declared(file, line, found, false)] : [];
        }),
    ),
  );
}

/** A line that is no requirement still says which package it is about. */
function meant(text: string): Requirement | undefined {
  const [written] = /^[A-Za-z0-9][\w.-]*/.exec(text) ?? [];
  return written === undefined ? undefined : { name: distributionName(written), written, versions: '==0' };
}

export interface PythonNeeds {
  /** In files that list what is needed. */
  readonly listed: readonly Declared[];
  readonly installed: readonly Declared[];
  /** Says what it needs in a way that is not read here. */
  readonly opaque: boolean;
}

export function pythonNeeds(project: Project): PythonNeeds {
  const fromLists = project.named(REQUIREMENTS).flatMap((file) =>
    requirementLines(file).flatMap(({ text, line }) => {
      if (text.startsWith('-')) return [];
      const development = /test|dev|lint|docs/.test(file.name);
      const found = readRequirement(text) ?? meant(text);
      return found ? [declared(file, line, found, development)] : [];
    }),
  );
  return {
    listed: [
      ...fromLists.filter(({ file }) => !file.name.startsWith('constraints')),
      ...project.named(/(^|\/)pyproject\.toml$/).flatMap(inPyproject),
      ...project.named(/(^|\/)environment\.ya?ml$/).flatMap(inConda),
    ],
    installed: installed(project),
    opaque:
      project.named(/(^|\/)(setup\.(py|cfg)|Pipfile)$/).length > 0 ||
      project
        .named(/(^|\/)(pyproject\.toml|environment\.ya?ml)$/)
        .some(({ document }) => document?.value === undefined),
  };
}
