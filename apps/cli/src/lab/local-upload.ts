// A file of this machine on its way to the lab: hashed as a stream, sent with a bar that shows how far it is.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Work } from '../session.js';

export interface LocalUpload {
  readonly path: string;
  readonly bytes: number;
  /** What the lab calls it. */
  readonly name: string;
  /** What the bar calls it, where that is something else. */
  readonly title?: string;
  /** Where it is known. */
  readonly sha256?: string;
}

/** Hex. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** @throws AppError as an upload does */
export async function uploaded(
  { lab, output }: Pick<Work, 'lab' | 'output'>,
  { path, bytes, name, title = name, ...given }: LocalUpload,
): Promise<{ readonly uploadId: string; readonly sha256: string }> {
  const sha256 = given.sha256 ?? (await sha256OfFile(path));
  const bar = await output.transfer(bytes, title);
  try {
    return { uploadId: await lab.upload({ path, name, sha256 }, bar.at), sha256 };
  } finally {
    bar.end();
  }
}
