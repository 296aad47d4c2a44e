// What a recorded API is: a function of a request, as the real one behaves, over replies that were recorded.
import { readFile } from 'node:fs/promises';
import { parseJson } from '../formats/json.js';
import { isPlainObject, type Json } from '../rows.js';

export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Undefined for a path that is another API's. */
export type RecordedApi = (request: RecordedRequest) => Promise<RecordedAnswer | undefined>;

/** The same from src and from dist. */
const FOLDER = new URL('../../recorded/', import.meta.url);
const read = new Map<string, Promise<Json>>();

/** A recorded document, read once. */
export function recordedJson(file: string): Promise<Json> {
  const known = read.get(file) ?? readFile(new URL(file, FOLDER), 'utf8').then(parseJson);
  read.set(file, known);
  return known;
}

export const recordedText = (file: string): Promise<string> => readFile(new URL(file, FOLDER), 'utf8');

/** Objects of a recorded list. */
export const recordedList = async (file: string): Promise<Array<{ [key: string]: Json }>> =>
  [await recordedJson(file)].flat().filter((item): item is { [key: string]: Json } => isPlainObject(item));

export const json = (body: unknown, status = 200): RecordedAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const DAY_MS = 86_400_000;

/** Unix milliseconds of a date's first moment; undefined for what is none. */
export function dayOf(text: string | null): number | undefined {
  const at = text !== null && /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

export const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export const daysLater = (at: number, days: number): number => at + days * DAY_MS;
