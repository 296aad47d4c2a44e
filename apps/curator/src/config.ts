// The Curator's settings, read once. The only reader of the environment here.
import { isAbsolute } from 'node:path';
import { readSettings } from '@labmesh/runtime/config';
import { z } from 'zod';
import { type AllowedHost, parseAllowList } from './sources/allow-list.js';

export const CURATOR_CONFIG = Symbol('CURATOR_CONFIG');

export interface CuratorConfig {
  /** Hosts that submit_dataset may fetch from; empty: none. */
  readonly fetchAllow: readonly AllowedHost[];
  readonly fetchTimeoutMs: number;
  /** Room for parsed rows of datasets read lately, in bytes of their JSON text (they take about three times that). */
  readonly cacheBytesMax: number;
  /** Other base URLs of sources, by name. */
  readonly sourceUrls: ReadonlyMap<string, string>;
  /** Absolute: files and SQLite databases of sources are inside them. */
  readonly sourceFolders: readonly string[];
  /** Sources answer with recorded replies, and nothing is asked of anybody. */
  readonly recorded: boolean;
}

const FETCH_TIMEOUT_MS = 20_000;
const CACHE_BYTES = 16 * 1024 * 1024;
const CACHE_BYTES_MAX = 1_073_741_824;

/** An empty value means the default, as compose files write it for a setting nobody made. */
const setOr = <T extends z.ZodType>(standard: string, schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : standard), schema);

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

export const CURATOR_SETTINGS = z.object({
  LABMESH_FETCH_ALLOW: setOr(
    '',
    z.string().transform((text, context) => {
      try {
        return parseAllowList(text);
      } catch (cause) {
        context.addIssue({ code: 'custom', message: cause instanceof Error ? cause.message : 'is no list of hosts' });
        return z.NEVER;
      }
    }),
  ).meta({ description: 'Hosts, separated by commas, that `curator_submit_dataset` may fetch from.' }),
  LABMESH_SOURCE_URLS: setOr(
    '',
    z.string().transform((text, context) => {
      const entries = listOf(text).map((entry) => /^([a-z][a-z0-9-]{1,29})=(https?:\/\/\S+)$/.exec(entry));
      if (entries.every((entry) => entry !== null && URL.canParse(entry[2] ?? '')))
        return new Map(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? '']));
      context.addIssue({
        code: 'custom',
        message: 'must be names of sources with addresses, such as nasa-donki=http://10.0.0.7:8080',
      });
      return z.NEVER;
    }),
  ).meta({ description: 'Other base URLs of sources: `name=address`, separated by commas.' }),
  LABMESH_SOURCE_FOLDERS: setOr(
    '',
    z.string().transform((text, context) => {
      const folders = listOf(text);
      if (folders.every((folder) => isAbsolute(folder))) return folders;
      context.addIssue({ code: 'custom', message: 'must be absolute folders, separated by commas' });
      return z.NEVER;
    }),
  ).meta({ description: 'Folders, separated by commas, that sources of the kinds `file` and `sqlite` may read.' }),
  LABMESH_RECORDED: setOr('', z.enum(['', '1'])).meta({
    description:
      '`1`: sources answer with recorded replies, and nothing is asked of anybody. `npm start -- --demo` sets it.',
  }),
  LABMESH_DATASET_CACHE_BYTES: setOr(
    String(CACHE_BYTES),
    z
      .string()
      .refine(
        (text) => /^\d{1,10}$/.test(text) && Number(text) <= CACHE_BYTES_MAX,
        `must be a number of bytes from 0 to ${CACHE_BYTES_MAX}`,
      )
      .transform(Number),
  ).meta({
    without: `\`${CACHE_BYTES}\``,
    description: `Room for parsed rows of datasets read lately, in bytes of their JSON text: 0 to ${CACHE_BYTES_MAX}. They take about three times that.`,
  }),
});

/** @throws AppError invalid_input naming each setting that is wrong. */
export function readCuratorConfig(env: NodeJS.ProcessEnv = process.env): CuratorConfig {
  const set = readSettings(CURATOR_SETTINGS, env);
  return Object.freeze({
    fetchAllow: Object.freeze(set.LABMESH_FETCH_ALLOW),
    fetchTimeoutMs: FETCH_TIMEOUT_MS,
    cacheBytesMax: set.LABMESH_DATASET_CACHE_BYTES,
    sourceUrls: set.LABMESH_SOURCE_URLS,
    sourceFolders: Object.freeze(set.LABMESH_SOURCE_FOLDERS),
    recorded: set.LABMESH_RECORDED === '1',
  });
}
