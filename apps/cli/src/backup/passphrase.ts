// The passphrase of a backup: from a file, the environment, or a person at a terminal, who does not see it. Never from the command
// line, which others on the machine can read.
import { readFile } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';
import type { Host } from '../host.js';
import { hiddenLine } from '../output/terminal-line.js';

export interface PassphraseSource {
  readonly host: Pick<Host, 'stdin' | 'stderr' | 'signal'>;
  readonly file: string | undefined;
  /** LABMESH_BACKUP_PASSPHRASE. */
  readonly given: string | undefined;
  /** True for a new one: a person types it twice. */
  readonly twice: boolean;
}

const CHARS_MIN = 12;
const HOW =
  'the keys of the lab are sealed under a passphrase; give it by --passphrase-file or LABMESH_BACKUP_PASSPHRASE, or leave the keys out by --without-keys';

/** @throws AppError invalid_input where there is none, or it is too short; not_found for the file */
export async function passphraseFrom(source: PassphraseSource): Promise<string> {
  const found = source.file !== undefined ? await inFile(source.file) : source.given || (await asked(source));
  if ([...found].length < CHARS_MIN && source.twice)
    throw new AppError(
      'invalid_input',
      `Cannot seal the keys: the passphrase has fewer than ${CHARS_MIN} characters. Whoever has it and the file has the lab.`,
    );
  return found;
}

async function inFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      cause.code === 'ENOENT' ? 'not_found' : 'invalid_input',
      `Cannot read --passphrase-file ${path}: ${cause.message}`,
      { cause },
    );
  });
  return text.replace(/\r?\n$/, '');
}

async function asked({ host, twice }: PassphraseSource): Promise<string> {
  const first = await hiddenLine(host, { ask: 'Passphrase of the backup', instead: HOW });
  if (twice && (await hiddenLine(host, { ask: 'Once more', instead: HOW })) !== first)
    throw new AppError('invalid_input', 'The two are not the same. Nothing was done.');
  return first;
}
