// The key of one AI client: made once, in a file for this person alone, withdrawn when the client is taken out. Never printed.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, gatewayName, sentinel } from '@labmesh/contracts';
import type { Lab } from '../lab/lab.js';
import { readPrivate, writePrivate } from '../places/private-file.js';
import type { ClientName } from './clients.js';

/** A key that ends sooner is no help. */
const LEAST_LEFT_MS = 3 * 86_400_000;

export const keyFile = (state: string, client: ClientName): string => join(state, 'keys', `${client}.key`);

interface Wish {
  readonly file: string;
  readonly label: string;
  readonly ttlSeconds: number | undefined;
  /** The only tools it may use; all of its wallet's when left out. */
  readonly tools: readonly string[] | undefined;
  readonly fresh: boolean;
}

export interface ClientKey {
  readonly key: string;
  readonly expiresAt: string;
  readonly made: boolean;
}

/** The one that is there, while this lab takes it; else a new one. */
export async function clientKey(lab: Lab, { file, label, ttlSeconds, tools, fresh }: Wish): Promise<ClientKey> {
  const there = (await readPrivate(file))?.trim();
  const known = there === undefined ? undefined : await knownToken(lab, there);
  if (
    there !== undefined &&
    known?.state === 'good' &&
    !fresh &&
    Date.parse(known.expiresAt) - Date.now() > LEAST_LEFT_MS
  )
    return { key: there, expiresAt: known.expiresAt, made: false };
  const { token, expiresAt } = await lab.use(sentinel, 'generate_wallet_token', {
    kind: 'client_key',
    label,
    ttlSeconds,
    toolset: tools === undefined ? undefined : [...tools],
  });
  await writePrivate(file, `${token}\n`);
  if (known?.state === 'good') await lab.use(sentinel, 'revoke_token', { tokenId: known.tokenId });
  return { key: token, expiresAt, made: true };
}

/** @returns whether there was one that was good until now */
export async function withdrawKey(lab: Lab, file: string): Promise<boolean> {
  const there = (await readPrivate(file))?.trim();
  const known = there === undefined ? undefined : await knownToken(lab, there);
  if (known?.state === 'good') await lab.use(sentinel, 'revoke_token', { tokenId: known.tokenId });
  await rm(file, { force: true });
  return known?.state === 'good';
}

async function knownToken(lab: Lab, key: string) {
  const hash = createHash('sha256').update(key).digest('hex');
  return (await lab.use(sentinel, 'find_tokens', { hashes: [hash] })).tokens[0];
}

/** Tools that hand out access or take it away: not a client's without being asked for. */
const KEPT_BACK: ReadonlySet<string> = new Set(
  (['generate_wallet_token', 'refresh_token', 'revoke_token', 'set_policy', 'set_role', 'rotate_keys'] as const).map(
    (tool) => gatewayName(sentinel.name, tool),
  ),
);

/** What `--tools` means: everyday (what a client is shown, less what hands out access), all, or names. */
export async function toolsOf(lab: Lab, given: readonly string[]): Promise<readonly string[] | undefined> {
  if (given.includes('all')) return undefined;
  const named = given.filter((name) => name !== 'everyday');
  const shown =
    named.length === given.length ? [] : (await lab.toolNames('everyday')).filter((name) => !KEPT_BACK.has(name));
  const there = new Set(named.length === 0 ? [] : await lab.toolNames());
  const missing = named.filter((name) => !there.has(name));
  if (missing.length > 0)
    throw new AppError(
      'not_found',
      `You may not use ${missing.join(', ')}: npx @labmesh/cli tools lists what you may.`,
    );
  return [...new Set([...shown, ...named])];
}
