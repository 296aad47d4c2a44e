// What it costs to know who calls: credentials that were seen before, and new ones.
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Bus } from '@labmesh/bus';
import { toolSubject } from '@labmesh/contracts';
import { Authenticator } from '@labmesh/endpoint';
import { BUS } from '@labmesh/runtime';
import { OperatorAccount, SignIn } from '@labmesh/sentinel';
import { atMost, round } from '../report.js';
import { quantile, timed } from '../timed.js';
import { figure, type Part, type Running } from './part.js';

const ROUNDS = 20_000;
const NEW_TOKENS = 500;
/** Checked before any is measured, as in a process that has run for a while. */
const WARM_UP = 1_000;
const SEEN_MAX_US = 5;
const NEW_MAX_US = 250;

export async function tokens(lab: Running): Promise<Part> {
  const bus = lab.get<Bus>(BUS);
  const authenticator = lab.get<Authenticator>(Authenticator);
  const check = (credential = ''): Promise<unknown> =>
    bus.request(toolSubject('sentinel', 'verify_credential'), { credential }, { headers: {}, timeoutMs: 2_000 });
  const made = await accessTokens(lab, WARM_UP + NEW_TOKENS);
  const keys = await clientKeys(lab, NEW_TOKENS);
  const [first = ''] = made;
  await timed(WARM_UP, (index) => check(made[index]));
  const fresh = await timed(NEW_TOKENS, (index) => check(made[WARM_UP + index]));
  const opaque = await timed(NEW_TOKENS, (index) => check(keys[index]));
  await authenticator.principalOf(first);
  const seen = await timed(ROUNDS, () => authenticator.principalOf(first));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = Buffer.from(first);
  const signature = sign('sha256', data, privateKey);
  const verified = await timed(NEW_TOKENS, () => verify('sha256', data, publicKey, signature));
  const hashed = await timed(ROUNDS, () => createHash('sha256').update(first).digest('base64'));
  return {
    figures: [
      figure('token seen before, beside one SHA-256 of it', seen, hashed),
      figure('new access token, beside one ES256 verification', fresh, verified),
      figure('new client key (its row is read), beside one SHA-256 of a token', opaque, hashed),
    ],
    floors: [
      atMost('token seen before: p50 us', round(quantile(seen, 0.5)), SEEN_MAX_US),
      atMost('new access token: p50 us', round(quantile(fresh, 0.5)), NEW_MAX_US),
    ],
  };
}

/** Access tokens of the operator, each with rights of its own making, as a sign-in gives them. */
async function accessTokens(lab: Running, count: number): Promise<string[]> {
  const bus = lab.get<Bus>(BUS);
  const operator = lab.get<OperatorAccount>(OperatorAccount).principal();
  const signIn = lab.get<SignIn>(SignIn);
  const tokens: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const { code } = await signIn.createFor(operator);
    const subject = toolSubject('sentinel', 'redeem_sign_in_code');
    const answer = await bus.request(subject, { code }, { headers: {}, timeoutMs: 5_000 });
    tokens.push((answer as { token: string }).token);
  }
  return tokens;
}

/** Client keys of the operator. */
async function clientKeys(lab: Running, count: number): Promise<string[]> {
  const bus = lab.get<Bus>(BUS);
  const operator = (await readFile(lab.get<OperatorAccount>(OperatorAccount).tokenPath, 'utf8')).trim();
  const pass = await lab.get<Authenticator>(Authenticator).passFor(operator, 'sentinel');
  const subject = toolSubject('sentinel', 'generate_wallet_token');
  const keys: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const answer = await bus.request(subject, { kind: 'client_key' }, { headers: { pass }, timeoutMs: 10_000 });
    keys.push((answer as { token: string }).token);
  }
  return keys;
}
