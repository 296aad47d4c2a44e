// Payloads as they are after a trip over the network, so that no part of the lab can rely on sharing memory with another.
import { tooLarge } from './rejections.js';

/** Largest message in process, bytes (8 MiB): room for a dataset. Over NATS its own `max_payload` decides; set it to the same. */
export const MESSAGE_MAX_BYTES = 8 * 1024 * 1024;

/** A UTF-16 unit takes at most three bytes of UTF-8: shorter texts need not be counted. */
const SURELY_FITS = Math.floor(MESSAGE_MAX_BYTES / 3);

const fits = (text: string): boolean => text.length <= SURELY_FITS || Buffer.byteLength(text) <= MESSAGE_MAX_BYTES;

/**
 * A copy of `value` as JSON would carry it; `undefined` stays `undefined`.
 * @throws AppError too_large beyond MESSAGE_MAX_BYTES, naming `what` of `subject`
 * @throws TypeError for what JSON cannot hold: a bigint or a cycle
 */
export function carry(value: unknown, what: string, subject: string): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) return undefined;
  if (!fits(text)) throw tooLarge(what, subject);
  return JSON.parse(text);
}
