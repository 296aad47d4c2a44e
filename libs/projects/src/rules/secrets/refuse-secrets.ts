// Keeps secrets out of a template before it is for everybody: every file of it, whatever it ignores. It never repeats a secret.
import { AppError } from '@labmesh/contracts';
import type { ProjectFile } from '../../project-file.js';
import { lookThrough } from '../look-through.js';
import { leakedRules } from './leaked.js';

const RULES = leakedRules.map(({ id }) => id);
/** Of a message. */
const NAMED_MAX = 10;

/** As the file is called in a project: what it is tells which of its values may be secrets. */
const inProject = (path: string): string => path.replace(/(^|\/)dot-(?=[^/])/g, '$1.').replace(/\.mustache$/, '');

/** @throws AppError invalid_input with file and line of each secret */
export async function refuseSecrets(
  files: readonly ProjectFile[],
  { what, signal }: { readonly what: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  // Without what git is told to leave out: a template's files are all given to everybody.
  const looked = files
    .map((file) => ({ ...file, path: inProject(file.path), as: file.path }))
    .filter(({ path }) => !/(^|\/)\.gitignore$/.test(path));
  const names = new Map(looked.map(({ path, as }) => [path, as]));
  const { findings } = await lookThrough({ files: looked }, {}, { rules: RULES, ...(signal ? { signal } : {}) });
  if (findings.length === 0) return;
  const told = findings
    .slice(0, NAMED_MAX)
    .map(({ path, line, message }) => `${names.get(path ?? '')}:${line}: ${message}`);
  const more = findings.length > NAMED_MAX ? ` And ${findings.length - NAMED_MAX} more.` : '';
  throw new AppError(
    'invalid_input',
    `Cannot publish ${what}: it holds secrets, which everybody could read. ${told.join(' ')}${more} Take them out and make new ones; what a project needs, let the template ask for (writeOnly).`,
    {
      details: {
        findings: findings.map(({ rule, path, line }) => ({ rule, path: names.get(path ?? '') ?? path, line })),
      },
    },
  );
}
