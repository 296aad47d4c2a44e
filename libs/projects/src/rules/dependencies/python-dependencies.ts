// Python: what is imported and not required, required and not imported, or required twice.
import type { Project } from '../project/project.js';
import type { Found } from '../rule.js';
import { type Declared, pythonNeeds } from './declared.js';
import { importsOf } from './imports.js';
import { distributionsOf, modulesOf, PYTHON_STANDARD, PYTHON_TOOLS } from './python-names.js';
import { wordsOf } from './words.js';

/** Modules and packages of the project itself, wherever it puts them on its path. */
function ownModules(project: Project): ReadonlySet<string> {
  const names = [...project.paths]
    .filter((path) => path.endsWith('.py'))
    .flatMap((path) => path.replace(/\.py$/, '').split('/'));
  return new Set(names);
}

/** A distribution whose name the needed one begins with brings it: `google-cloud-storage` has `google`. */
const brings = (needs: readonly Declared[], module: string): boolean => {
  const names = distributionsOf(module);
  return needs.some(
    ({ name }) =>
      names.includes(name) || modulesOf(name).includes(module) || (module === 'google' && name.startsWith('google-')),
  );
};

export function* missingPython(project: Project): Generator<Found> {
  const { listed, installed, opaque } = pythonNeeds(project);
  if (opaque) return;
  const own = ownModules(project);
  const told = new Set<string>();
  const where = listed[0]?.file.path ?? 'requirements.txt';
  for (const { path, line, name, optional } of importsOf(project, 'python')) {
    if (optional || own.has(name) || PYTHON_STANDARD.has(name) || /^_/.test(name) || told.has(name)) continue;
    if (brings([...listed, ...installed], name)) continue;
    told.add(name);
    const [distribution = name] = distributionsOf(name);
    yield {
      path,
      line,
      message: `${name} is imported, and nothing requires ${distribution}.`,
      remedy: `Add ${distribution} with its version to ${where}.`,
    };
  }
}

/** Everything but code and the lists themselves: what starts, loads or mentions a package by its name. */
function mentions(project: Project, listed: readonly Declared[]): ReadonlySet<string> {
  const lists = new Set(listed.map(({ file }) => file.path));
  const others = project.texts.filter(({ path }) => !lists.has(path) && !/\.(py|ipynb|lock|md)$/.test(path));
  return wordsOf(others.map(({ text }) => text));
}

export function* unusedPython(project: Project): Generator<Found> {
  const { listed } = pythonNeeds(project);
  const imports = importsOf(project, 'python');
  if (imports.length === 0) return;
  const used = new Set(imports.map(({ name }) => name.toLowerCase()));
  const mentioned = mentions(project, listed);
  for (const { file, line, name, written } of listed) {
    const isUsed = modulesOf(name).some((module) => used.has(module.toLowerCase()));
    if (isUsed || PYTHON_TOOLS.test(name) || mentioned.has(name)) continue;
    yield {
      path: file.path,
      line,
      message: `Nothing imports or starts ${written}.`,
      remedy: 'Take it out, unless another package needs it and does not say so.',
    };
  }
}

export function* twicePython(project: Project): Generator<Found> {
  const first = new Map<string, Declared>();
  for (const need of pythonNeeds(project).listed) {
    const before = first.get(need.name);
    if (before === undefined) first.set(need.name, need);
    else if (before.range !== need.range || before.file === need.file)
      yield {
        path: need.file.path,
        line: need.line,
        message: `${need.written} is required in ${before.file.path}:${before.line} too, ${before.range === need.range ? 'in the same words' : `there as ${before.range || 'any version'}`}.`,
        remedy: 'Keep one of them.',
      };
  }
}
