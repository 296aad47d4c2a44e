// The Librarian's settings, read once. The only reader of the environment here.
import { isAbsolute, resolve } from 'node:path';
import { WORDS_SHARE } from '@labmesh/encoder';
import { type GitHost, GitHosts } from '@labmesh/projects/git';
import { readSettings, setting } from '@labmesh/runtime/config';
import { z } from 'zod';

export const LIBRARIAN_CONFIG = Symbol('LIBRARIAN_CONFIG');

export interface LibrarianConfig {
  /** Folders whose files may be taken, and those below them. */
  readonly folders: readonly string[];
  /** From where repositories may be taken; empty: nowhere. */
  readonly hosts: readonly GitHost[];
  /** Between two looks at a watched folder. */
  readonly lookMs: number;
  /** What words count beside meaning, from 0 to 1, where a model is in use. */
  readonly wordsShare: number;
  /** Most that a question waits for its meaning. */
  readonly meaningMs: number;
}

export const LIBRARIAN_SETTINGS = z.object({
  LABMESH_KNOWLEDGE_FOLDERS: setting(
    z
      .string()
      .transform((text) => text.split(',').map((folder) => folder.trim()))
      .refine(
        (folders) => folders.every((folder) => isAbsolute(folder)),
        'must be absolute folders, separated by commas',
      )
      .transform((folders) => folders.map((folder) => resolve(folder)))
      .optional(),
    {
      without: 'none',
      description:
        'Absolute folders, separated by commas, whose files `librarian_ingest_source` may take. Replicas of the Librarian must share them.',
    },
  ),
  LABMESH_KNOWLEDGE_HOSTS: setting(GitHosts.optional(), {
    without: 'none: nothing is taken from git',
    description: 'Hosts, separated by commas, from whose git repositories `librarian_ingest_source` may take files.',
  }),
  LABMESH_KNOWLEDGE_LOOK_SECONDS: setting(z.coerce.number().int().min(1).max(86_400).default(60), {
    without: '`60`',
    description:
      'Seconds between two looks at a folder that was taken into the knowledge base; a branch or tag of a repository is looked at after fifteen times as long.',
  }),
  LABMESH_KNOWLEDGE_WORDS_SHARE: setting(z.coerce.number().min(0).max(1).default(WORDS_SHARE), {
    without: `\`${WORDS_SHARE}\``,
    description:
      'What words count beside meaning when a search model ranks, from 0 (meaning alone) to 1 (words alone) ([models.md](models.md)).',
  }),
  LABMESH_KNOWLEDGE_MODEL_MS: setting(z.coerce.number().int().min(10).max(4_000).default(500), {
    without: '`500`',
    description: 'Milliseconds that a question may wait for a search model; then words alone answer it.',
  }),
});

/** @throws AppError invalid_input naming the setting */
export function readLibrarianConfig(env: NodeJS.ProcessEnv = process.env): LibrarianConfig {
  const set = readSettings(LIBRARIAN_SETTINGS, env);
  return Object.freeze({
    folders: Object.freeze(set.LABMESH_KNOWLEDGE_FOLDERS ?? []),
    hosts: Object.freeze(set.LABMESH_KNOWLEDGE_HOSTS ?? []),
    lookMs: set.LABMESH_KNOWLEDGE_LOOK_SECONDS * 1_000,
    wordsShare: set.LABMESH_KNOWLEDGE_WORDS_SHARE,
    meaningMs: set.LABMESH_KNOWLEDGE_MODEL_MS,
  });
}
