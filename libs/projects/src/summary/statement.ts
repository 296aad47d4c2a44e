// A statement and the lines it stands on. What is cited is there, and holds the statement's subject.
import type { SummaryCitation, SummaryStatement } from '@labmesh/contracts';
import type { TextFile } from '../rules/project/project.js';

export type Statement = SummaryStatement;
export type Section = Statement['section'];

const LINES_MAX = 6;
const CHARACTERS_MAX = 400;

/** Where something stands: lines of a file, counted from 1. */
export interface Place {
  readonly file: TextFile;
  readonly from: number;
  readonly to?: number;
}

/** Undefined when the subject is not there: then nothing is said. */
export function cite({ file, from, to = from }: Place, subject: string): SummaryCitation | undefined {
  const last = Math.min(to, from + LINES_MAX - 1, file.lines.length);
  const whole = file.lines.slice(from - 1, last).join('\n');
  const at = whole.indexOf(subject);
  if (at < 0) return undefined;
  if (whole.length <= CHARACTERS_MAX) return { file: file.path, from, to: last, text: whole };
  const start = Math.max(0, Math.min(at - 40, whole.length - CHARACTERS_MAX));
  const text = whole.slice(start, Math.max(start + CHARACTERS_MAX, at + subject.length));
  const above = whole.slice(0, start).split('\n').length - 1;
  return { file: file.path, from: from + above, to: from + above + text.split('\n').length - 1, text };
}

/** One statement, or none when no place holds its subject. */
export function statement(
  section: Section,
  { subject, text }: { readonly subject: string; readonly text: string },
  ...places: readonly (Place & { readonly subject?: string })[]
): Statement[] {
  const citations = places.flatMap((place) => cite(place, place.subject ?? subject) ?? []);
  return citations[0]?.text.includes(subject) === true ? [{ section, subject, text, by: 'rules', citations }] : [];
}

/** A text of a project inside a sentence of ours: one line, and not without end. */
export function quoted(text: string, most = 240): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** "a, b and 3 more" */
export function several(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
