// Files that a person names: read with an answer that says what is wrong, where one cannot be.
import { open, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';

const HEAD_BYTES = 4_096;

export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  readonly head: Uint8Array;
}

/** @throws AppError not_found, or invalid_input where it is no file */
export async function localFile(name: string, cwd: string): Promise<LocalFile> {
  const path = resolve(cwd, name);
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'not_found',
      `Cannot read ${name}: ${cause.code === 'ENOENT' ? 'it is not there' : cause.message}`,
      {
        cause,
      },
    );
  });
  if (!found.isFile()) throw new AppError('invalid_input', `Cannot read ${name}: it is no file.`);
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { path, bytes: found.size, head: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}

/** A JSON object of a file, such as a schema. @throws AppError invalid_input that names the file */
export async function jsonObjectIn(name: string, cwd: string): Promise<Record<string, unknown>> {
  const { path } = await localFile(name, cwd);
  const text = await readFile(path, 'utf8');
  const value = parsed(text, name);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AppError('invalid_input', `Cannot use ${name}: it holds no JSON object.`);
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot use ${name}: it is not JSON. ${(cause as Error).message}`, { cause });
  }
}
