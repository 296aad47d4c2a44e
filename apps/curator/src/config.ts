// The Curator's settings, read once. The only reader of the environment here.
import { z } from 'zod';
import { type AllowedHost, parseAllowList } from './sources/allow-list.js';

export const CURATOR_CONFIG = Symbol('CURATOR_CONFIG');

export interface CuratorConfig {
  /** Hosts that submit_dataset may fetch from; empty: none. */
  readonly fetchAllow: readonly AllowedHost[];
  readonly fetchTimeoutMs: number;
  /** Room for parsed rows of datasets read lately, in bytes of their JSON text (they take about three times that). */
  readonly cacheBytesMax: number;
}

const FETCH_TIMEOUT_MS = 20_000;

const Environment = z.object({
  LABMESH_FETCH_ALLOW: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return parseAllowList(text);
      } catch (cause) {
        context.addIssue({ code: 'custom', message: cause instanceof Error ? cause.message : 'is no list of hosts' });
        return z.NEVER;
      }
    }),
  LABMESH_DATASET_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_073_741_824)
    .default(16 * 1024 * 1024),
});

/** @throws ZodError naming the setting that is wrong. */
export function readCuratorConfig(env: NodeJS.ProcessEnv = process.env): CuratorConfig {
  const set = Environment.parse(env);
  return Object.freeze({
    fetchAllow: Object.freeze(set.LABMESH_FETCH_ALLOW),
    fetchTimeoutMs: FETCH_TIMEOUT_MS,
    cacheBytesMax: set.LABMESH_DATASET_CACHE_BYTES,
  });
}
