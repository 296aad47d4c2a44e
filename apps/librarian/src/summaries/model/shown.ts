// What of a project a language model is shown: what the rules found, and the beginnings of the files that tell most: README, manifests,
// where it begins, what most modules import. Bounded by tokens, without secrets.
import { setImmediate as turn } from 'node:timers/promises';
import type { ProjectSummary, SummaryStatement } from '@labmesh/contracts';
import type { ProjectFile } from '@labmesh/projects';
import { tokensOf } from '../../assistant/prompt.js';
import { isForSecrets, Masking } from './masked-lines.js';

export interface Excerpt {
  readonly path: string;
  /** From the first line on. */
  readonly lines: readonly string[];
  readonly of: number;
}

export interface Shown {
  /** Every path of the project, as many as fit. */
  readonly paths: readonly string[];
  /** One line each. */
  readonly facts: readonly string[];
  readonly excerpts: readonly Excerpt[];
  /** Lines that were shown, or that a fact stands on, by path. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
}

const FACTS_OF_SECTION = 15;
const FACTS_PART = 0.3;
const PATHS_PART = 0.1;
const FILE_LINES = 150;
const FILE_TOKENS = 2_500;
const LINE_MAX = 300;
/** Beside it nothing can be told of a file. */
const EXCERPT_TOKENS_MIN = 100;

const README = /^readme(\.(md|rst|txt))?$/i;
const MANIFEST =
  /^(package\.json|pyproject\.toml|setup\.(py|cfg)|requirements\.txt|environment\.ya?ml|cargo\.toml|go\.mod|description|project\.toml|makefile|dockerfile|(docker-)?compose\.ya?ml)$/i;
const CODE =
  /\.(pyi?|[cm]?[jt]sx?|go|rs|c|h|cc|cpp|hpp|java|kt|scala|cs|rb|php|swift|r|jl|m|f90|lua|pl|sql|sh|bash|md|rst)$/i;
const SETTINGS = /\.(toml|ya?ml|ini|cfg|conf)$/i;
/** Written by programs, or data and outputs of somebody's. */
const NOT_TOLD = /\.(ipynb|lock|min\.[cm]?js|map|csv|tsv|svg)$|(^|\/)(package-lock|npm-shrinkwrap)\.json$|pnpm-lock\./i;

export async function shownOf(files: readonly ProjectFile[], summary: ProjectSummary, tokens: number): Promise<Shown> {
  const masking = new Masking(files);
  const lines = new Map<string, Set<number>>();
  const show = (path: string, from: number, to: number): void => {
    const shown = lines.get(path) ?? new Set();
    for (let line = from; line <= to; line += 1) shown.add(line);
    lines.set(path, shown);
  };
  const facts = await factsOf(summary, masking, tokens * FACTS_PART);
  for (const { citations } of facts) for (const { file, from, to } of citations) show(file, from, to);
  const told = facts.map(({ line }) => line);
  const excerpts: Excerpt[] = [];
  const paths = pathsWithin(files, tokens * PATHS_PART);
  let room = tokens - tokensOf(told.join('\n')) - tokensOf(paths.join('\n'));
  for (const { path, bytes } of inOrder(files, summary)) {
    if (room < EXCERPT_TOKENS_MIN) break;
    await turn();
    const excerpt = await excerptOf(path, Buffer.from(bytes).toString('utf8'), { masking, room });
    if (excerpt.lines.length === 0) continue;
    excerpts.push(excerpt);
    show(path, 1, excerpt.lines.length);
    room -= tokensOf(excerpt.lines.join('\n')) + tokensOf(path) + excerpt.lines.length;
  }
  return { paths, facts: told, excerpts, lines };
}

function pathsWithin(files: readonly ProjectFile[], tokens: number): string[] {
  let room = tokens;
  return files
    .map(({ path }) => path)
    .filter((path) => {
      room -= tokensOf(path);
      return room >= 0;
    });
}

type Fact = SummaryStatement & { readonly line: string };

async function factsOf({ statements }: ProjectSummary, masking: Masking, tokens: number): Promise<Fact[]> {
  const counts = new Map<string, number>();
  const facts: Fact[] = [];
  let room = tokens;
  for (const fact of statements) {
    const { section, text, citations } = fact;
    const count = counts.get(section) ?? 0;
    if (count === FACTS_OF_SECTION) continue;
    const said = await masking.text(text, citations);
    const [first] = citations;
    if (said === undefined || first === undefined) continue;
    const line = `${section}: ${said} [${first.file}, lines ${first.from} to ${first.to}]`;
    room -= tokensOf(line);
    if (room < 0) break;
    counts.set(section, count + 1);
    facts.push({ ...fact, line });
  }
  return facts;
}

async function excerptOf(
  path: string,
  text: string,
  { masking, room }: { readonly masking: Masking; readonly room: number },
): Promise<Excerpt> {
  const all = text.split('\n');
  // A secret may end in the line after: one more is looked at than is shown.
  const masked = (await masking.lines(path, all.slice(0, FILE_LINES + 1))).slice(0, FILE_LINES);
  let left = Math.min(FILE_TOKENS, room);
  const lines: string[] = [];
  for (const line of masked.map((one) => one.slice(0, LINE_MAX))) {
    left -= Math.ceil(Buffer.byteLength(line) / 3) + 2;
    if (left < 0) break;
    lines.push(line);
  }
  return { path, lines, of: all.length };
}

/** The most telling first. Files that are there for secrets are none of them. */
function inOrder(files: readonly ProjectFile[], { statements, modules }: ProjectSummary): ProjectFile[] {
  const importers = new Map<string, number>();
  for (const { imports } of modules) for (const path of imports) importers.set(path, (importers.get(path) ?? 0) + 1);
  const cited = (sections: readonly string[]): string[] =>
    statements
      .filter(({ section }) => sections.includes(section))
      .flatMap(({ citations }) => citations.map(({ file }) => file));
  const named = (pattern: RegExp): string[] => files.flatMap(({ path }) => (pattern.test(path) ? [path] : []));
  const byImporters = modules
    .map(({ path }) => path)
    .sort((one, other) => (importers.get(other) ?? 0) - (importers.get(one) ?? 0) || (one < other ? -1 : 1));
  const depth = (path: string): number => path.split('/').length;
  const shallowFirst = (paths: string[]): string[] =>
    paths.sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1));
  const order = [
    ...named(README),
    ...named(MANIFEST),
    ...cited(['entry_points']),
    ...byImporters,
    ...cited(['run', 'configuration']),
    ...shallowFirst(named(CODE)),
    ...shallowFirst(named(SETTINGS)),
  ];
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...new Set(order)]
    .filter((path) => !isForSecrets(path) && !NOT_TOLD.test(path))
    .flatMap((path) => byPath.get(path) ?? []);
}
