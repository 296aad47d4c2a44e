// What a stack trace says, whatever the language. What is read of a text is bounded: see the limits here.
import type { TraceLanguage } from '@labmesh/contracts';

export interface Frame {
  readonly file: string | null;
  readonly line: number | null;
  readonly function: string | null;
  /** Neither the language's nor a package's. */
  readonly own: boolean;
}

export interface Thrown {
  readonly type: string | null;
  readonly message: string;
  /** Of the text, from 1. */
  readonly line: number;
  /** The innermost first. */
  readonly frames: readonly Frame[];
}

export interface Trace {
  readonly language: TraceLanguage;
  /** What was thrown, then what caused it. */
  readonly chain: readonly Thrown[];
}

/** A trace in lines, the first line after it, and which of its lines say what happened: the others say only where. */
export interface Found {
  /** Undefined for frames of which nothing says what was thrown. */
  readonly trace: Trace | undefined;
  readonly end: number;
  readonly headers: readonly number[];
}

/** Looks for a trace that begins at this line; undefined when none does. */
export type TraceParser = (lines: readonly string[], at: number) => Found | undefined;

export const FRAMES_MAX = 50;
export const CHAIN_MAX = 20;
const MESSAGE_CHARACTERS_MAX = 500;
/** What names a type stands at the beginning of a line. */
const LOOKED_AT = 2_000;
/** A word or two before the colon, with dots or colons of a name and a code in brackets: `ns::Type`, `AssertionError [ERR_ASSERTION]`. */
const TYPE =
  /(?:^|[\s"'(])((?:[A-Za-z_$][\w$]{0,100}(?:\.|::))*(?:[A-Za-z_$][\w$]{0,100})?(?:Error|Exception|Throwable|Warning|Interrupt|Exit|Failure|Panic)\d{0,2})(?: \[[A-Z0-9_]{1,60}\])?(?::\s*|$)/;

export const cut = (message: string): string => message.trim().slice(0, MESSAGE_CHARACTERS_MAX);

/** Type and message of the line in which something was thrown, whatever a logger put before it. */
export function saidIn(line: string): { readonly type: string | null; readonly message: string } {
  const found = TYPE.exec(line.slice(0, LOOKED_AT));
  if (found === null) return { type: null, message: cut(line) };
  return { type: found[1] ?? null, message: cut(line.slice(found.index + found[0].length)) };
}

export const namesType = (line: string): boolean => TYPE.test(line.slice(0, LOOKED_AT));

export const numberOf = (digits: string | undefined): number | null =>
  digits === undefined || digits.length > 9 ? null : Number(digits);

/** The innermost place of a person's own code, of the first cause that has one. */
export function originOf({ chain }: Trace): Frame | null {
  for (const { frames } of chain.toReversed()) {
    const own = frames.find((frame) => frame.own);
    if (own !== undefined) return own;
  }
  return null;
}
