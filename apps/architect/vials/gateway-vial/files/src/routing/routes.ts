// The routing rules: which tools there are here, where each goes, and what its caller must hold. What no rule names does not exist.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { contract } from '../agent/contract.js';

const Rule = z.strictObject({
  tool: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  /** agent: this service's own; lab: the lab's tool of this name, called with this service's token. */
  to: z.enum(['agent', 'lab']),
  permission: z.string().regex(/^[a-z]+(:[a-z]+)+$/),
  /** The lab's tool that its caller must be allowed, for what the agent itself asks of the lab; a tool of the lab is its own. */
  as: z.string().optional(),
});
const Rules = z
  .array(Rule)
  .min(1)
  .refine((rules) => new Set(rules.map(({ tool }) => tool)).size === rules.length, 'names a tool twice')
  .refine(
    (rules) => rules.every(({ tool, to }) => to === 'lab' || tool in contract),
    'sends a tool to the agent that its contract does not have',
  );
export type Route = z.output<typeof Rule>;
/** The lab's tool whose rights the caller of a route must have; undefined: the lab is not asked for anything. */
export const labToolOf = ({ tool, to, as }: Route): string | undefined => (to === 'lab' ? tool : as);
export type Routes = ReadonlyMap<string, Route>;

/** @throws Error that names the file and what is wrong in it */
export function readRoutes(file: string): Routes {
  const parsed = Rules.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not right:\n${z.prettifyError(parsed.error)}`);
  return new Map(parsed.data.map((rule) => [rule.tool, rule]));
}
