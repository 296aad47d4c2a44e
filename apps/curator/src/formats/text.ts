// Bytes to text, strictly: what is not UTF-8 is refused, never repaired.
import { AppError, type DATA_FORMATS } from '@labmesh/contracts';

export type DataFormat = (typeof DATA_FORMATS)[number];

/**
 * Text of the bytes, without a byte order mark.
 * @throws AppError invalid_input when they are not well-formed UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, format: DataFormat): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(format, 'the bytes are not UTF-8; convert them first', cause);
  }
}

export const encodeUtf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

/** The refusal of content that is not what its format says. */
export const unreadable = (format: DataFormat, why: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `Cannot read the data as ${format}: ${why}`, { cause });
