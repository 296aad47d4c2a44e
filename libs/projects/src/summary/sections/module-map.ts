// Which modules there are, what each is for and offers, who imports whom, and what goes outside.
import { ACCESS_KINDS, type Access, type AccessKind } from '../code/access.js';
import type { ImportFact } from '../code/code-facts.js';
import type { Module } from '../code/modules.js';
import { quoted, type Statement, several, statement } from '../statement.js';
import { firstWords } from './purpose.js';
import type { Seen } from './seen.js';

export function moduleMap({ modules }: Seen): Statement[] {
  return modules
    .filter(({ isTest, isNotebook }) => !isTest && !isNotebook)
    .flatMap((module) => {
      const { file, facts, at } = module;
      const offers = [...new Set(facts.exports.map(({ name }) => name))];
      const offered = offers.length === 0 ? '' : ` It offers ${several(offers)}.`;
      const first = facts.exports[0];
      if (facts.doc !== undefined) {
        const place = at(facts.doc);
        const subject = firstWords(facts.doc.name);
        const exported = first === undefined ? [] : [{ ...at(first), subject: first.name }];
        const text = `${file.path}: “${quoted(facts.doc.name)}”${offered}`;
        return statement('modules', { subject, text }, place, ...exported);
      }
      if (first === undefined) return [];
      return statement('modules', { subject: first.name, text: `${file.path}:${offered}` }, at(first));
    });
}

export function dataFlow(seen: Seen): Statement[] {
  const byModule = new Map<Module, Access[]>();
  for (const access of seen.access) {
    const before = byModule.get(access.by);
    if (before !== undefined) before.push(access);
    else if (!access.by.isTest) byModule.set(access.by, [access]);
  }
  const reached = ACCESS_KINDS.flatMap((kind) =>
    [...byModule].flatMap(([by, access]) =>
      outside(
        by,
        kind,
        access.filter((one) => one.kind === kind),
      ),
    ),
  );
  return [...reached, ...inside(seen)];
}

/** Each file of the project that a module imports, at its first import. */
function inside({ imports, modules }: Seen): Statement[] {
  const byModule = new Map(modules.map((module) => [module, new Map<Module, ImportFact>()]));
  for (const { from, to, imported } of imports.edges) {
    const targets = byModule.get(from);
    if (targets?.has(to) === false) targets.set(to, imported);
  }
  return modules.flatMap((from) => {
    const found = [...(byModule.get(from) ?? [])];
    const [, first] = found[0] ?? [];
    if (first === undefined || from.isTest) return [];
    const text = `${from.file.path} imports ${several(found.map(([to]) => to.file.path))}.`;
    const places = found.slice(0, 6).map(([, imported]) => ({ ...from.at(imported), subject: written(imported) }));
    return statement('data_flow', { subject: written(first), text }, ...places);
  });
}

/** Of `from ..lab import settings` the module alone may be dots. */
const written = ({ name, names }: { readonly name: string; readonly names: readonly string[] }): string =>
  /^\.+$/.test(name) ? (names[0] ?? name) : name;

const DOES: Readonly<Record<AccessKind, string>> = {
  lab: 'uses the lab’s tools',
  network: 'talks to the network or serves it, by',
  database: 'uses a database, by',
  files: 'reads or writes files, by',
  programs: 'starts other programs, by',
};

function outside(by: Module, kind: AccessKind, access: readonly Access[]): Statement[] {
  const found = firstOfEach(access);
  const [first] = found;
  if (first === undefined) return [];
  const text = `${by.file.path} ${DOES[kind]} ${several(found.map(({ name }) => name))}.`;
  const places = found.slice(0, 6).map(({ at, name }) => ({ ...oneLine(by, at, name), subject: name }));
  return statement('data_flow', { subject: first.name, text }, ...places);
}

/** The line of a long text or call on which the name stands. */
function oneLine(by: Module, span: Access['at'], name: string) {
  const { file, from, to = from } = by.at(span);
  const at = file.lines.slice(from - 1, to).findIndex((line) => line.includes(name));
  return at < 0 ? { file, from, to } : { file, from: from + at };
}

function firstOfEach(access: readonly Access[]): Access[] {
  const byName = new Map<string, Access>();
  for (const one of access) if (!byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}
