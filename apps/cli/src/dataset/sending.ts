// Brings a file's bytes to the lab: inside of the call while they are few, by an upload in pieces when they are many.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DATASET_BYTES_MAX, type DataFormat, FORMATS } from '@labmesh/contracts';
import type { Work } from '../session.js';
import type { LocalFile } from './local-file.js';

type Data =
  | { readonly content: string; readonly encoding: 'utf8' | 'base64' }
  | { readonly uploadId: string; readonly sha256: string };

/** Base64 is longer by a third, and an inline call has other members, too. */
const INLINE_MAX = DATASET_BYTES_MAX / 3;

export async function sent(
  { lab, output }: Work,
  { path, bytes }: LocalFile,
  { name, format }: { name: string; format: DataFormat },
): Promise<Data> {
  if (bytes <= INLINE_MAX) return inlineContent(path, format);
  const sha256 = await hashOf(path);
  const bar = await output.transfer(bytes, name);
  try {
    return { uploadId: await lab.upload({ path, name, sha256 }, bar.at), sha256 };
  } finally {
    bar.end();
  }
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

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
