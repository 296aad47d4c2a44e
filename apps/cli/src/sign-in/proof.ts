// What somebody shows to sign in: a client key, an access token, or a one-time link or its code. It comes by a file, by standard input
// or by hand, never by a flag, and is never shown.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  ACCESS_TOKEN_PREFIX,
  AppError,
  CLIENT_KEY_PREFIX,
  isKeyOfForm,
  REFRESH_TOKEN_PREFIX,
} from '@labmesh/contracts';
import { allOf } from '../arguments/standard-input.js';
import { sendableToken } from '../config.js';
import type { Host } from '../host.js';
import { hiddenLine } from '../output/terminal-line.js';

export type Proof =
  | { readonly kind: 'client_key' | 'access'; readonly token: string }
  | { readonly kind: 'code'; readonly code: string };

const HOW = 'give a client key (lmk_…) or a sign-in link on standard input, or with --token-file';

/** @throws AppError invalid_input when there is none, or when it is of no known form */
export async function proofOf(file: string | undefined, host: Host): Promise<Proof> {
  if (file !== undefined) return proofIn(await textOf(resolve(host.cwd, file)), `--token-file ${file}`);
  if (host.stdin.isTTY !== true) return proofIn((await allOf(host.stdin)).toString('utf8'), 'standard input');
  return proofIn(await hiddenLine(host, { ask: 'Client key or sign-in link', instead: HOW }), 'what you typed');
}

/** @param from what to name in a message, which never holds what was given */
function proofIn(text: string, from: string): Proof {
  const given = text.trim();
  if (given === '') throw new AppError('invalid_input', `There is nothing in ${from}: ${HOW}.`);
  const code = /#code=([^\s&]+)$/.exec(given)?.[1];
  if (code !== undefined) return { kind: 'code', code: decodeURIComponent(code) };
  const token = sendableToken(given, from);
  if (token.startsWith(REFRESH_TOKEN_PREFIX))
    throw new AppError('invalid_input', `${from} holds a refresh token, which signs nobody in here: ${HOW}.`);
  if (token.startsWith(ACCESS_TOKEN_PREFIX)) return { kind: 'access', token };
  if (!token.startsWith(CLIENT_KEY_PREFIX)) return { kind: 'code', code: token };
  if (isKeyOfForm(CLIENT_KEY_PREFIX, token)) return { kind: 'client_key', token };
  throw new AppError(
    'unauthenticated',
    `${from} holds a client key that was cut or mistyped: its checksum does not fit.`,
  );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read --token-file ${file}: ${(cause as Error).message}`, { cause });
  }
}
