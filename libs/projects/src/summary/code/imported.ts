// Which file of the project an import means, or which package from outside. By paths alone: nothing is loaded.
import { builtinModules } from 'node:module';
import { packageOf } from '../../rules/dependencies/imports.js';
import { PYTHON_STANDARD } from '../../rules/dependencies/python-names.js';
import type { ImportFact } from './code-facts.js';
import type { Module } from './modules.js';

export interface Edge {
  readonly from: Module;
  readonly to: Module;
  readonly imported: ImportFact;
}
export interface OutsideUse {
  readonly by: Module;
  /** Of npm or PyPI as it is imported, or of the language itself. */
  readonly name: string;
  readonly standard: boolean;
  readonly imported: ImportFact;
}

const NODE = new Set(builtinModules);
const TAKEN_FOR: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.js', '.ts', '.tsx', '.jsx']],
  [/\.mjs$/, ['.mjs', '.mts']],
  [/\.cjs$/, ['.cjs', '.cts']],
];
const ADDED = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.tsx', '/index.js'];

export class Imports {
  readonly edges: readonly Edge[];
  readonly outside: readonly OutsideUse[];
  readonly #byPath: ReadonlyMap<string, Module>;

  constructor(modules: readonly Module[]) {
    this.#byPath = new Map(modules.map((module) => [module.file.path, module]));
    const edges: Edge[] = [];
    const outside: OutsideUse[] = [];
    for (const by of modules)
      for (const imported of by.facts.imports) {
        const inside = by.language === 'python' ? this.#python(by, imported) : this.#script(by, imported.name);
        edges.push(...inside.filter((to) => to !== by).map((to) => ({ from: by, to, imported })));
        const name = inside.length === 0 ? outsideName(by, imported.name) : undefined;
        if (name !== undefined) outside.push({ by, imported, ...name });
      }
    this.edges = edges;
    this.outside = outside;
  }

  #script({ file }: Module, name: string): Module[] {
    if (!/^\.{1,2}(\/|$)/.test(name)) return [];
    const path = joined(file.folder, name);
    const endings = TAKEN_FOR.find(([written]) => written.test(path));
    const paths = endings
      ? endings[1].map((ending) => path.replace(endings[0], ending))
      : ADDED.map((ending) => path + ending);
    return this.#first(paths);
  }

  /** What is taken out of a package may be modules of it. */
  #python({ file }: Module, { name, names }: ImportFact): Module[] {
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const parts = name
      .slice(dots)
      .split('.')
      .filter((part) => part !== '');
    const above = '../'.repeat(Math.max(0, dots - 1));
    const roots = dots > 0 ? [joined(file.folder, above)] : [file.folder, '', 'src/', 'lib/'];
    for (const root of [...new Set(roots)]) {
      const base = [root.replace(/\/$/, ''), ...parts].filter((part) => part !== '').join('/');
      const below = names.flatMap((one) => this.#first(pythonFiles(`${base === '' ? '' : `${base}/`}${one}`)));
      const itself = base === '' ? [] : this.#first(pythonFiles(base));
      if (below.length + itself.length > 0) return below.length > 0 ? below : itself;
    }
    return [];
  }

  #first(paths: readonly string[]): Module[] {
    const found = paths.map((path) => this.#byPath.get(path)).find((module) => module !== undefined);
    return found === undefined ? [] : [found];
  }
}

const pythonFiles = (base: string): string[] => [`${base}.py`, `${base}/__init__.py`, `${base}.pyi`];

/** Never above the project. */
function joined(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${name}`.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return parts.join('/');
}

function outsideName(by: Module, name: string): Pick<OutsideUse, 'name' | 'standard'> | undefined {
  if (by.language === 'python') {
    const first = name.split('.')[0] ?? '';
    return first === '' ? undefined : { name: first, standard: PYTHON_STANDARD.has(first) };
  }
  const bare = name.replace(/^node:/, '');
  if (NODE.has(bare) || name.startsWith('node:')) return { name, standard: true };
  const found = packageOf(name);
  return found === undefined ? undefined : { name: found, standard: false };
}
