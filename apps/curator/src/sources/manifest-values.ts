// The small values of which manifests are made: names, durations, places in a document.
import { DRIFT_POLICIES } from '@labmesh/contracts';
import { z } from 'zod';

export const SourceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,29}$/, 'must be a short name: 2 to 30 small letters, digits and dashes');
export const Text = z.string().min(1).max(2_000);
export const Word = z.string().min(1).max(200);
export const Topics = z.array(SourceName).min(1).max(10);

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds. */
export const Duration = z
  .string()
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'must be a duration: a number with ms, s, m, h or d, such as 30d')
  .transform((text) => {
    const [, count = '0', unit = 'ms'] = /^(\d+)(\D+)$/.exec(text) ?? [];
    return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  });

/** JSON Pointer (RFC 6901); empty: the whole document. */
export const Pointer = z
  .string()
  .max(300)
  .regex(/^(\/([^/~]|~[01])*)*$/, 'must be a JSON Pointer, such as /docs or /page/total_pages');

/** What becomes of rows whose columns are others than those of the last version. */
export const DriftRule = z.enum(DRIFT_POLICIES, `must be one of ${DRIFT_POLICIES.join(', ')}`).default('evolve');

const Scalar = z.union([z.string().max(2_000), z.number(), z.boolean()]);

/** A scalar, in which {name} stands for a parameter. */
export const Template = Scalar;

/** JSON Schema of one parameter. `default` counts where the caller gives none. */
export const Parameters = z.record(
  z.string().regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'must be a name of letters, digits and underscores'),
  z.looseObject({ description: Text, default: z.unknown().optional(), required: z.boolean().optional() }),
);
