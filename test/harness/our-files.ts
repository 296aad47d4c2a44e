// The repository's own files, as they are on the disk: tracked ones, and new ones that git does not ignore.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Paths from the repository's root. What was deleted and not committed yet is none of them. */
export const ourFiles = (): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(ROOT, file)));

export const isTest = (file: string): boolean => /(\.(spec|testing)\.tsx?$|(^|\/)test\/|\.config\.ts$)/.test(file);
/** Most lines that a file may have. */
export const linesMax = (file: string): number => (isTest(file) ? 600 : 400);
