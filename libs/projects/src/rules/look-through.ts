// Looks a project through with every rule, and mends what is safe to mend: in memory, for whoever asked to put it where it belongs.
import { setImmediate as turn } from 'node:timers/promises';
import { FINDING_SEVERITIES, type ProjectFinding } from '@labmesh/contracts';
import type { ProjectFile } from '../project-file.js';
import { Draft } from './project/draft.js';
import { type DiskFacts, Project } from './project/project.js';
import type { Found, LabFacts, Rule } from './rule.js';
import { PROJECT_RULES } from './rules.js';

export interface Looked {
  readonly findings: readonly ProjectFinding[];
  /** Files that were looked at. */
  readonly checked: number;
  /** Files that mending changed or made. */
  readonly changed: readonly ProjectFile[];
  /** Permission bits that mending gave to files of the folder. */
  readonly modes: ReadonlyMap<string, number>;
}

export interface Asked {
  /** Ids; all when left out. */
  readonly rules?: readonly string[];
  readonly applyFixes?: boolean;
  readonly signal?: AbortSignal | undefined;
}

interface Looking {
  readonly rules: readonly Rule[];
  readonly signal: AbortSignal | undefined;
}

interface Seen extends Found {
  readonly rule: Rule;
}

/** Every finding of a report at most, so that a project of nothing but faults has a report too. */
const FINDINGS_MAX = 1_000;

async function look(project: Project, lab: LabFacts, { rules, signal }: Looking): Promise<Seen[]> {
  const found: Seen[] = [];
  for (const rule of rules) {
    // A large project takes seconds: whoever else is served by this process goes first.
    await turn();
    signal?.throwIfAborted();
    for (const one of await rule.look(project, lab)) found.push({ ...one, rule });
  }
  return found
    .toSorted(
      (one, other) =>
        FINDING_SEVERITIES.indexOf(one.rule.severity) - FINDING_SEVERITIES.indexOf(other.rule.severity) ||
        (one.path ?? '').localeCompare(other.path ?? '') ||
        (one.line ?? 0) - (other.line ?? 0),
    )
    .slice(0, FINDINGS_MAX);
}

const keyOf = ({ rule, path, message }: Seen): string => `${rule.id}\n${path}\n${message}`;

const reported = ({ rule, path, line, message, remedy, mend }: Seen, fixed: boolean): ProjectFinding => ({
  rule: rule.id,
  severity: rule.severity,
  path,
  line,
  message,
  remedy,
  fixable: mend !== undefined,
  fixed,
});

/** Once more with what mending made: what is then not found is mended, and nothing else is called so. */
export async function lookThrough(
  { files, disk }: { readonly files: readonly ProjectFile[]; readonly disk?: DiskFacts },
  lab: LabFacts,
  { rules, applyFixes = false, signal }: Asked = {},
): Promise<Looked> {
  const wanted = { rules: PROJECT_RULES.filter(({ id }) => rules === undefined || rules.includes(id)), signal };
  const found = await look(new Project(files, disk), lab, wanted);
  const draft = new Draft(files);
  if (applyFixes) for (const { mend } of found) mend?.(draft);
  const changed = draft.changed();
  const isMended = changed.length > 0 || draft.modes.size > 0;
  const modes = new Map([...(disk?.modes ?? []), ...draft.modes]);
  const after = isMended ? await look(new Project(draft.files(), disk && { ...disk, modes }), lab, wanted) : found;
  const left = new Set(after.map(keyOf));
  const mended = found.filter((one) => one.mend !== undefined && !left.has(keyOf(one)));
  return {
    findings: [
      ...after.map((one) => reported(one, false)),
      ...(isMended ? mended.map((one) => reported(one, true)) : []),
    ],
    checked: files.length,
    changed,
    modes: draft.modes,
  };
}

/** Ids that no rule has. */
export const unknownRules = (ids: readonly string[]): string[] =>
  ids.filter((id) => !PROJECT_RULES.some((rule) => rule.id === id));
