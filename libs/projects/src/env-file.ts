// A project's own `.env`: where its lab is, whose it is, and where its key lies. It names the key's file and never holds the key; it is
// made where the files are put on a disk, for its owner alone to read, and is in no archive.
import { AppError } from '@labmesh/contracts';
import type { FilePut } from './placing/placement.js';

export const ENV_PATH = '.env';

export interface EnvValues {
  readonly url: string;
  readonly wallet: string;
  /** Absolute, outside the project; a file of mode 0600. */
  readonly tokenFile: string;
}

/** @throws AppError invalid_input for a value that would end its line */
export function envFile({ url, wallet, tokenFile }: EnvValues): FilePut {
  const lines = Object.entries({ LABMESH_URL: url, LABMESH_WALLET: wallet, LABMESH_TOKEN_FILE: tokenFile }).map(
    ([name, value]) => `${name}=${quoted(name, value)}\n`,
  );
  return { path: ENV_PATH, bytes: Buffer.from(lines.join('')), executable: false, private: true };
}

/** As dotenv, python-dotenv and docker read it alike: bare where it can be. */
function quoted(name: string, value: string): string {
  if (/[\p{Cc}'"\\$`]/u.test(value))
    throw new AppError(
      'invalid_input',
      `Cannot write ${name} into .env: it holds a quote, a backslash or a control character.`,
    );
  return /^[\w./:@%+,=~-]*$/.test(value) ? value : `"${value}"`;
}
