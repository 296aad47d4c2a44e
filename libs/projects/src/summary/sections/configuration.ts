// What can be set: variables of the environment, with where they are read and named, and files of settings. Values of `.env` are
// never looked at; those of an example are told where they are no secret.
import { environmentOf, isEnvironment } from '../../rules/project/settings-of.js';
import type { TextFile } from '../../rules/project/project.js';
import type { Module } from '../code/modules.js';
import { type Place, quoted, type Statement, several, statement } from '../statement.js';
import type { Seen } from './seen.js';

interface Mention extends Place {
  readonly how: 'read' | 'named' | 'mentioned';
  readonly fallback?: string | undefined;
}

const MANIFEST =
  /(^|\/)(package(-lock)?|tsconfig[^/]*|jsconfig|template|labmesh)\.json$|(^|\/)(pyproject\.toml|poetry\.lock|Cargo\.(toml|lock)|pnpm-lock\.yaml|yarn\.lock|uv\.lock)$|(^|\/)\.|compose[^/]*\.ya?ml$/;
const SETTINGS = /\.(toml|ya?ml|json|jsonc|ini|cfg|conf)$/;
const VARIABLE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
/** Nobody reads more of them. */
const NAMES_MAX = 500;
const SECRET = /TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL/;

export function configuration(seen: Seen): Statement[] {
  return [...variables(seen), ...settingsFiles(seen)];
}

function variables({ project, modules }: Seen): Statement[] {
  const found = new Map<string, Mention[]>();
  const put = (name: string, mention: Mention): void => {
    const places = found.get(name);
    if (places === undefined) found.set(name, [mention]);
    else places.push(mention);
  };
  for (const { facts, at, isTest } of modules)
    if (!isTest)
      for (const { name, fallback, ...span } of facts.environment) put(name, { how: 'read', fallback, ...at(span) });
  for (const file of project.texts)
    for (const { name, line } of namedIn(file)) put(name, { how: 'named', file, from: line });
  for (const { name, place } of mentions(modules, new Set(found.keys()))) put(name, { how: 'mentioned', ...place });
  return [...found].slice(0, NAMES_MAX).flatMap(([name, places]) => variable(name, places));
}

function variable(name: string, places: readonly Mention[]): Statement[] {
  const of = (how: Mention['how']): string[] => [
    ...new Set(places.filter((one) => one.how === how).map(({ file }) => file.path)),
  ];
  const [read, named, mentioned] = [of('read'), of('named'), of('mentioned')];
  const fallback = SECRET.test(name) ? undefined : places.find((one) => one.fallback !== undefined)?.fallback;
  const parts = [
    ...(read.length > 0 ? [`read in ${several(read)}`] : []),
    ...(read.length === 0 && mentioned.length > 0 ? [`used by name in ${several(mentioned)}`] : []),
    ...(named.length > 0 ? [`named in ${several(named)}`] : []),
    ...(fallback === undefined ? [] : [`otherwise ${quoted(fallback, 60)}`]),
  ];
  const shown = [...places].sort((a, b) => ORDER.indexOf(a.how) - ORDER.indexOf(b.how)).slice(0, 6);
  return statement('configuration', { subject: name, text: `${name}: ${parts.join(', ')}.` }, ...shown);
}

const ORDER: readonly Mention['how'][] = ['read', 'mentioned', 'named'];

/** In examples of `.env`, container files and compose files. */
function namedIn(file: TextFile): { name: string; line: number }[] {
  if (isEnvironment(file.path) && /example|sample|template|dist$/.test(file.path))
    return environmentOf(file).map(({ name, line }) => ({ name, line: line() }));
  if (/(^|\/)(Dockerfile|Containerfile)(\.[\w-]+)?$/.test(file.path))
    return file.lines.flatMap((line, at) => {
      const [, rest] = /^\s*(?:ENV|ARG)\s+(.+)$/i.exec(line) ?? [];
      return [...(rest ?? '').matchAll(/(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)/g)]
        .map(([, name = '']) => ({ name, line: at + 1 }))
        .filter(({ name }, index) => index === 0 || (rest ?? '').includes(`${name}=`));
    });
  if (/compose[^/]*\.ya?ml$/.test(file.path))
    return file.lines.flatMap((line, at) => {
      const name = /^\s+(?:-\s+)?["']?([A-Z][A-Z0-9_]+)["']?\s*[:=]/.exec(line)?.[1];
      return name === undefined ? [] : [{ name, line: at + 1 }];
    });
  return [];
}

/** Where code has the name of a variable as a text: it hands the environment on, and looks into it elsewhere. */
function* mentions(modules: readonly Module[], names: ReadonlySet<string>): Generator<{ name: string; place: Place }> {
  for (const { facts, at, isTest, file } of modules) {
    if (isTest) continue;
    const seen = new Set(facts.environment.map(({ name }) => name));
    for (const { name, ...span } of facts.texts)
      if (names.has(name) && VARIABLE.test(name) && !seen.has(name)) {
        seen.add(name);
        yield { name, place: at(span) };
      }
    // A member of a schema or an object is no text.
    for (const [at0, line] of file.lines.entries())
      for (const [, name = ''] of line.matchAll(/^\s*([A-Z][A-Z0-9_]+)\s*[:=]/g))
        if (names.has(name) && !seen.has(name)) {
          seen.add(name);
          yield { name, place: { file, from: at0 + 1 } };
        }
  }
}

/** Places where code has a file's name, the first of each module, by that name. */
function namedFiles(modules: readonly Module[]): Map<string, Map<Module, Place & { readonly by: TextFile }>> {
  const found = new Map<string, Map<Module, Place & { readonly by: TextFile }>>();
  for (const by of modules)
    if (!by.isTest)
      for (const { name, ...span } of by.facts.texts) {
        const file = name.slice(name.lastIndexOf('/') + 1);
        if (!SETTINGS.test(file)) continue;
        const places = found.get(file) ?? new Map<Module, Place & { readonly by: TextFile }>();
        if (!places.has(by)) places.set(by, { ...by.at(span), by: by.file });
        found.set(file, places);
      }
  return found;
}

function settingsFiles({ project, modules }: Seen): Statement[] {
  const files = project.texts.filter(({ path }) => SETTINGS.test(path) && !MANIFEST.test(path));
  const naming = namedFiles(modules);
  return files.flatMap((file) => {
    const readers = [...(naming.get(file.name)?.values() ?? [])];
    const [first] = readers;
    if (first === undefined) return [];
    const by = several(readers.map((reader) => reader.by.path));
    return statement(
      'configuration',
      { subject: file.name, text: `${file.path} holds settings; ${by} ${readers.length > 1 ? 'name' : 'names'} it.` },
      ...readers.slice(0, 6),
    );
  });
}
