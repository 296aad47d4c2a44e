// Kinds of errors in words: a template taken apart at what varies, where else something was seen, a place in code.
import type { Analysis, Frame } from '../knowledge.js';

/** What the lab writes in the place of what varies. */
const VARIES = '<*>';

export type TemplatePart = { readonly text: string } | { readonly varies: true };

/** "pump <*> failed" -> text, what varies, text. */
export function templateParts(template: string): TemplatePart[] {
  return template
    .split(VARIES)
    .flatMap((text, place): TemplatePart[] => [
      ...(place === 0 ? [] : [{ varies: true } as const]),
      ...(text === '' ? [] : [{ text }]),
    ]);
}

/** `src/main.py:12 in load`. */
export function frameText({ file, line, function: called }: Frame): string {
  const place = file === null ? 'unknown place' : line === null ? file : `${file}:${line}`;
  return called === null || called === '' ? place : `${place} in ${called}`;
}

export const isOrigin = (frame: Frame, origin: Frame | null): boolean =>
  origin !== null && frameText(frame) === frameText(origin) && frame.own;

/** What a new solution is known by: of a text itself; of a job, whose log the page has not, the kinds that were seen. */
export const errorTextOf = (analysis: Analysis, text: string): string =>
  text.trim() === '' ? analysis.events.map(({ template }) => template).join('\n') : text;

/** What a new solution is called to begin with: the gravest kind of error, as far as it is the same each time. */
export function titleOf({ events, traces }: Analysis): string {
  const thrown = traces[0]?.chain[0];
  // How a job ended says least of what went wrong.
  const event = events.find(({ firstLine }) => firstLine > 0) ?? events[0];
  const said =
    thrown === undefined ? (event?.template ?? '') : [thrown.type, thrown.message].filter(Boolean).join(': ');
  return said
    .replaceAll(VARIES, '…')
    .replace(/^[…:\s]+/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 140);
}
