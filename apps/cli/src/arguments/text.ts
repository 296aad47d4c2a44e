// A text that a person gives: as it is, as a file by @name, or on standard input by -.
import { readFile } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';
import { localFile } from '../dataset/local-file.js';
import type { Host } from '../host.js';
import { pipedTo } from './standard-input.js';

/** @throws AppError not_found, or invalid_input where it holds no text */
export async function textOf(given: string, host: Host): Promise<string> {
  if (given === '-') return textOn(host);
  return given.startsWith('@') ? textIn(given.slice(1), host) : given;
}

/** @param name of a file, or - for standard input */
export async function textIn(name: string, host: Host): Promise<string> {
  if (name === '-') return textOn(host);
  const { path } = await localFile(name, host.cwd);
  return textFrom(await readFile(path), name);
}

async function textOn({ stdin }: Host): Promise<string> {
  return textFrom(await pipedTo(stdin), 'standard input');
}

function textFrom(bytes: Uint8Array, name: string): string {
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === '') throw new AppError('invalid_input', `Cannot use ${name}: there is no text in it.`);
  return text;
}
