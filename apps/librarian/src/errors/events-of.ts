// Which kinds of events there are in lines, each once, by fingerprints that know what was known before. It stores nothing.
import type { EventLine } from './excerpt.js';
import { type Fingerprint, Fingerprints } from './fingerprints.js';

/** Of one text: the others look least like errors. */
export const EVENTS_MAX = 50;

export interface ErrorEvent extends Fingerprint {
  readonly lines: number;
  readonly firstLine: number;
  readonly rank: EventLine['rank'];
}

export interface Grouped {
  readonly events: readonly ErrorEvent[];
  /** So many more kinds were there. */
  readonly more: number;
  /** The fingerprint that a template which was given has now. */
  readonly idOf: (template: string) => string;
}

/**
 * The events of lines, what looks most like an error first. `known` are templates of before: so the same event has the id it would
 * have had if all had been read together, and nothing else in memory has a part in it.
 */
export function eventsOf(lines: readonly EventLine[], known: Iterable<string>): Grouped {
  const fingerprints = new Fingerprints();
  const ids = new Map<string, string>();
  for (const template of generalFirst(known)) ids.set(template, fingerprints.add(template).id);
  const seen = lines.map((line) => ({ line, id: fingerprints.add(line.text).id }));
  const templates = new Map(fingerprints.templates().map(({ id, template }) => [id, template]));
  const events = new Map<string, ErrorEvent>();
  for (const { line, id: first } of seen) {
    const id = fingerprints.current(first);
    const before = events.get(id);
    const template = templates.get(id);
    if (template === undefined) continue;
    const rank = before === undefined ? line.rank : (Math.min(before.rank, line.rank) as EventLine['rank']);
    const firstLine = before?.firstLine ?? line.number;
    events.set(id, { id, template, lines: (before?.lines ?? 0) + 1, firstLine, rank });
  }
  const all = [...events.values()].sort((a, b) => a.rank - b.rank || a.firstLine - b.firstLine);
  return {
    events: all.slice(0, EVENTS_MAX),
    more: Math.max(0, all.length - EVENTS_MAX),
    idOf: (template) => fingerprints.current(ids.get(template) ?? ''),
  };
}

/** Those with most variables first, so that what they cover joins them, whatever order they came in. */
function generalFirst(templates: Iterable<string>): string[] {
  const variables = (template: string): number => template.split('<*>').length;
  return [...new Set(templates)].sort((a, b) => variables(b) - variables(a) || (a < b ? -1 : 1));
}
