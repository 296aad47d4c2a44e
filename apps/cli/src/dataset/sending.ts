// Brings a file's bytes to the lab: inside of the call while they are few, by an upload in pieces when they are many.
import { readFile } from 'node:fs/promises';
import { DATASET_BYTES_MAX, type DataFormat, FORMATS } from '@labmesh/contracts';
import { uploaded } from '../lab/local-upload.js';
import type { Work } from '../session.js';
import type { LocalFile } from './local-file.js';

type Data =
  | { readonly content: string; readonly encoding: 'utf8' | 'base64' }
  | { readonly uploadId: string; readonly sha256: string };

/** Base64 is longer by a third, and an inline call has other members, too. */
const INLINE_MAX = DATASET_BYTES_MAX / 3;

export async function sent(
  work: Work,
  { path, bytes }: LocalFile,
  { name, format }: { name: string; format: DataFormat },
): Promise<Data> {
  return bytes <= INLINE_MAX ? inlineContent(path, format) : uploaded(work, { path, bytes, name });
}

/** As text where it is such, byte for byte; as base64 where it is not. */
async function inlineContent(path: string, format: DataFormat): Promise<Data> {
  const content = await readFile(path);
  if (!FORMATS[format].binary) {
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
      return { content: text, encoding: 'utf8' };
    } catch {
      // not UTF-8: the lab says where
    }
  }
  return { content: content.toString('base64'), encoding: 'base64' };
}
