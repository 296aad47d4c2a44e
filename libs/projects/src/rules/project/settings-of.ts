// Every `NAME=value` and `key: value` of a project's configuration, with its place, for rules that care what a value is and not where.
import type { Project, TextFile } from './project.js';

export interface SettingPlace {
  readonly file: TextFile;
  /** To find it costs more than to read the value, and it is asked of few. */
  readonly line: () => number;
  /** As written: `LABMESH_URL`, `baseUrl`. */
  readonly name: string;
  readonly value: string;
  /** From the root of its document; empty for an environment file. */
  readonly path: readonly (string | number)[];
}

/** Longer than this, or in such a folder, a file is what programs read and write, not what they are told. */
const CONFIGURATION_MAX = 256 * 1024;
const DATA = /(^|\/)(test-data|testdata|fixtures|recorded|datasets?|data)\//;
export const isData = ({ path, text }: TextFile): boolean => text.length > CONFIGURATION_MAX || DATA.test(path);

const ENVIRONMENT = /(^|\/)\.env(\.[\w.-]+)?$|(^|\/)[\w-]+\.env$/;
/** Not written by people. */
export const LOCKS =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock|requirements\.lock)$/;

export const isEnvironment = (path: string): boolean => ENVIRONMENT.test(path);

/** Of `.env`, `.env.example` and the like. */
export function environmentOf(file: TextFile): SettingPlace[] {
  return file.lines.flatMap((row, index) => {
    const [, name, written] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(row) ?? [];
    const raw = written?.trim();
    if (name === undefined || raw === undefined) return [];
    const value = /^(["'])(.*)\1/.exec(raw)?.[2] ?? raw.replace(/(^|\s)#.*$/, '').trim();
    return [{ file, line: () => index + 1, name, value, path: [] }];
  });
}

const DEPTH_MAX = 30;

function* leaves(
  value: unknown,
  path: readonly (string | number)[],
): Generator<[readonly (string | number)[], unknown]> {
  if (path.length > DEPTH_MAX) return;
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leaves(item, [...path, index]);
  else if (typeof value === 'object' && value !== null && !(value instanceof Date))
    for (const [key, item] of Object.entries(value)) yield* leaves(item, [...path, key]);
  else yield [path, value];
}

/** Of a JSON, YAML or TOML file: texts and numbers. A list of `NAME=value` (compose) is read as such. */
export function membersOf(file: TextFile): SettingPlace[] {
  const { document } = file;
  if (document === undefined) return [];
  return [...leaves(document.value, [])].flatMap(([path, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const pair = typeof path.at(-1) === 'number' ? /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(String(value)) : null;
    const name = pair?.[1] ?? String(path.findLast((step) => typeof step === 'string') ?? '');
    return [{ file, line: () => document.lineOf(path), name, value: pair?.[2] ?? String(value), path }];
  });
}

const known = new WeakMap<Project, readonly SettingPlace[]>();

/** All of them but notebooks' and lock files'. Found once for each project. */
export function settingsOf(project: Project): readonly SettingPlace[] {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found = project.texts.flatMap((file) => {
    if (LOCKS.test(file.path) || file.path.endsWith('.ipynb') || isData(file)) return [];
    return isEnvironment(file.path) ? environmentOf(file) : membersOf(file);
  });
  known.set(project, found);
  return found;
}

/** `${NAME:-default}` as its default; undefined when it hangs on what is not here. */
export function withDefaults(value: string): string | undefined {
  const filled = value.replace(/\$\{\w+:?-([^}]*)\}/g, '$1');
  return /\$\{|\$[A-Z_]|\{\{|<\w/.test(filled) ? undefined : filled;
}
