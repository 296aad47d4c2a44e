// The settings, from the environment and .env, read once. Nothing else reads the environment.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';

const Settings = z.object({
  LABMESH_URL: z.url({ protocol: /^https?$/, error: 'is not set, or no address: set it to the lab’s gateway' }),
  LABMESH_TOKEN: z.string().optional(),
  LABMESH_TOKEN_FILE: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  DECISIONS: z.enum(['token', 'lab']).default('token'),
  ALLOWED_HOSTS: z.string().default(''),
});

export interface Config {
  /** The lab's gateway, no slash at the end. */
  readonly labUrl: string;
  readonly token: string;
  readonly host: string;
  readonly port: number;
  readonly decisions: 'token' | 'lab';
  /** Host names that requests may name. */
  readonly hosts: readonly string[];
}

/** @throws Error that names the setting and what to do */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, folder = process.cwd()): Config {
  const file = join(folder, '.env');
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const parsed = Settings.safeParse({ ...given(written), ...given(environment) });
  if (!parsed.success) throw new Error(`The settings are not right:\n${z.prettifyError(parsed.error)}`);
  const { LABMESH_URL, HOST, PORT, DECISIONS, ALLOWED_HOSTS } = parsed.data;
  const more = ALLOWED_HOSTS.split(',').flatMap((host) => host.trim() || []);
  return {
    labUrl: LABMESH_URL.replace(/\/+$/, ''),
    token: tokenOf(parsed.data),
    host: HOST,
    port: PORT,
    decisions: DECISIONS,
    hosts: ['localhost', '127.0.0.1', '[::1]', ...more],
  };
}

/** What is empty counts as not given. */
const given = (all: NodeJS.Dict<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])));

function tokenOf({ LABMESH_TOKEN, LABMESH_TOKEN_FILE }: z.output<typeof Settings>): string {
  if (LABMESH_TOKEN !== undefined) return LABMESH_TOKEN;
  if (LABMESH_TOKEN_FILE === undefined)
    throw new Error('There is no token. Set LABMESH_TOKEN_FILE to a file with this service’s token, or LABMESH_TOKEN.');
  const mode = statSync(LABMESH_TOKEN_FILE, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) throw new Error(`There is no file ${LABMESH_TOKEN_FILE}, which LABMESH_TOKEN_FILE names.`);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`Others can read ${LABMESH_TOKEN_FILE}. Run: chmod 600 ${LABMESH_TOKEN_FILE}`);
  return readFileSync(LABMESH_TOKEN_FILE, 'utf8').trim();
}
