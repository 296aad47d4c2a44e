// What tells a row from others of its stream: the values of its primary key, as one text.
import { createHash } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import type { Row } from '../rows.js';
import { valueAt } from './pointer.js';

const KEY_CHARS_MAX = 200;

/** @throws AppError upstream_failed for a row without its key */
export function rowKey(row: Row, pointers: readonly string[], index: number): string {
  const values = pointers.map((pointer) => {
    const value = valueAt(row, pointer);
    if (value !== undefined && value !== null) return value;
    throw new AppError(
      'upstream_failed',
      `Cannot keep what the source sent: row ${index} of the page has nothing at ${pointer}, a part of its primary key. Has the source changed?`,
    );
  });
  const key = JSON.stringify(values);
  return key.length <= KEY_CHARS_MAX ? key : createHash('sha256').update(key).digest('base64url');
}
