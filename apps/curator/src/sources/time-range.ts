// Times and numbers of a stream's range: as the source writes them, moved and compared. Dates are days in UTC.
import { AppError } from '@labmesh/contracts';
import type { Range } from './manifest-http.js';

export type Place = string | number;
const DAY_MS = 86_400_000;

export interface PlaceRange {
  readonly from?: Place | undefined;
  readonly to?: Place | undefined;
}

/** Unix milliseconds, or the number itself. NaN for what is neither. */
export const orderOf = (place: Place, format: Range['format']): number => {
  if (format === 'integer') return Number(place);
  return typeof place === 'number'
    ? place
    : Date.parse(
        /^\d{4}-\d\d-\d\d$/.test(place) ? `${place}T00:00:00Z` : place.replace(' ', 'T').replace(/(T[\d:.]+)$/, '$1Z'),
      );
};

export const written = (order: number, format: Range['format']): Place => {
  if (format === 'integer') return order;
  const iso = new Date(order).toISOString();
  return format === 'date' ? iso.slice(0, 10) : iso.replace(/\.000Z$/, 'Z');
};

/** The later of two, in texts the greater. */
export function later(one: Place | undefined, other: Place, format: Range['format']): Place {
  if (one === undefined) return other;
  const isLater = format === 'text' ? String(other) > String(one) : orderOf(other, format) > orderOf(one, format);
  return isLater ? other : one;
}

/** The place moved back, in the range's own way of writing. */
export const movedBack = (place: Place, by: number, format: Range['format']): Place =>
  format === 'text' ? place : written(orderOf(place, format) - by, format);

/** The range's values for `from` and `to` as the caller gave them. @throws AppError invalid_input for what is none */
export function givenPlace(text: string, format: Range['format'], name: string): Place {
  if (format === 'text') return text;
  if (format === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/;
  const order = shape.test(text) ? orderOf(text, format) : Number.NaN;
  if (format !== 'integer' && !Number.isNaN(order)) return written(order, format);
  const wanted =
    format === 'integer' ? 'a whole number' : 'a date such as 2017-09-01, or a time such as 2017-09-01T12:00:00Z';
  throw new AppError('invalid_input', `Cannot fetch: ${name} is "${text.slice(0, 40)}", and must be ${wanted}.`);
}

/** Whether a place is in the range, both ends in it; a day is whole. What is neither time nor number is in none. */
export function isWithin(place: Place, { from, to }: PlaceRange, format: Range['format']): boolean {
  if (format === 'text')
    return (from === undefined || String(place) >= String(from)) && (to === undefined || String(place) <= String(to));
  const at = orderOf(place, format);
  if (Number.isNaN(at)) return false;
  if (from !== undefined && at < orderOf(from, format)) return false;
  return to === undefined || (format === 'date' ? at < orderOf(to, format) + DAY_MS : at <= orderOf(to, format));
}

/** Whether all of a range is in another one. */
export function covers(outer: PlaceRange, { from, to }: PlaceRange, format: Range['format']): boolean {
  if (outer.from !== undefined && (from === undefined || isBefore(from, outer.from, format))) return false;
  return outer.to === undefined || (to !== undefined && !isBefore(outer.to, to, format));
}

const isBefore = (one: Place, other: Place, format: Range['format']): boolean =>
  format === 'text' ? String(one) < String(other) : orderOf(one, format) < orderOf(other, format);

/** The last place of the window that begins at `from`, and where the next one begins; undefined when there is none. */
export function windowFrom(from: string, span: number, { to, format }: { to: string; format: Range['format'] }) {
  const [begin, end] = [orderOf(from, format), orderOf(to, format)];
  // Dates are whole days, the last one included.
  const last = format === 'date' ? begin + Math.max(0, span - DAY_MS) : begin + span;
  const next = format === 'date' ? last + DAY_MS : last;
  return {
    to: written(Math.min(last, end), format),
    next: next > end || (format !== 'date' && next >= end) ? undefined : String(written(next, format)),
  };
}
