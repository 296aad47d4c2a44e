// Who imports whom, and what goes outside, as a Mermaid graph. Names from files never become syntax of the graph.
import { ACCESS_KINDS, type AccessKind } from './code/access.js';
import type { Seen } from './sections/seen.js';

const NODES_MAX = 40;
const EDGES_MAX = 120;

const OUTSIDE: Readonly<Record<AccessKind, string>> = {
  lab: '([the lab])',
  network: '([network])',
  database: '[(database)]',
  files: '[/files/]',
  programs: '[[programs]]',
};

/** Characters that end a quoted label, or mean something inside one. */
const label = (text: string): string => text.replace(/[^\p{L}\p{N} ./_@+-]/gu, '_').slice(0, 80);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1) || './';

/** Folders stand for their modules where there are too many. Tests are left out. */
export function diagramOf({ modules, imports, access }: Seen): string {
  const shown = modules.filter(({ isTest }) => !isTest);
  const whole = shown.length <= NODES_MAX;
  const nameOf = (path: string): string => (whole ? path : folderOf(path));
  const names = [...new Set(shown.map(({ file }) => nameOf(file.path)))].slice(0, NODES_MAX);
  if (names.length === 0) return '';
  const ids = new Map(names.map((name, at) => [name, `m${at}`]));
  const idOf = (path: string): string | undefined => ids.get(nameOf(path));
  const kinds = ACCESS_KINDS.filter((kind) => access.some((one) => one.kind === kind && !one.by.isTest));
  const edges = new Set<string>();
  for (const { from, to } of imports.edges) {
    const [start, end] = [idOf(from.file.path), idOf(to.file.path)];
    if (!from.isTest && start !== undefined && end !== undefined && start !== end) edges.add(`  ${start} --> ${end}`);
  }
  for (const { by, kind } of access) {
    const start = idOf(by.file.path);
    if (!by.isTest && start !== undefined) edges.add(`  ${start} -.-> ${kind}`);
  }
  return [
    'graph LR',
    ...names.map((name) => `  ${ids.get(name) ?? ''}["${label(name)}"]`),
    ...kinds.map((kind) => `  ${kind}${OUTSIDE[kind]}`),
    ...[...edges].slice(0, EDGES_MAX),
  ].join('\n');
}
