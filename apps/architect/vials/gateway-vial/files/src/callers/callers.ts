// Who calls: an access token of the lab, verified by its published keys. Exactly one kind of token is believed: ES256, at+jwt, made
// by this lab for its gateway, and not over. A client key cannot be verified here, and is refused.
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Caller } from '../agent/contract.js';
import type { Config } from '../config.js';
import { Failure } from '../failure.js';
import { CONFIG } from '../tokens.js';

const TOKEN_CHARS_MAX = 16_384;
const HOW = 'Make one with: npx @labmesh/cli token create --permission dataset:read';
const Claims = z.object({
  sub: z.string().regex(/^wal_[0-9a-f-]{36}$/),
  role: z.string(),
  permissions: z.array(z.string()),
  toolset: z.array(z.string()).optional(),
});

@Injectable()
export class Callers {
  readonly #keys: JWTVerifyGetKey;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.#keys = createRemoteJWKSet(new URL(`${config.labUrl}/.well-known/jwks.json`), { timeoutDuration: 5_000 });
  }

  /** @param authorization the header of a request. @throws Failure unauthenticated, or unavailable when the keys are not to be had */
  async identify(authorization: string | undefined): Promise<Caller> {
    const token = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Failure('unauthenticated', 'There is no bearer token.', HOW);
    if (token.startsWith('lmk_'))
      throw new Failure(
        'unauthenticated',
        'A client key is for the lab itself: this service takes access tokens.',
        HOW,
      );
    if (token.length > TOKEN_CHARS_MAX) throw new Failure('unauthenticated', 'The token is too long.', HOW);
    const { labUrl } = this.config;
    const expected = { algorithms: ['ES256'], typ: 'at+jwt', issuer: labUrl, audience: `${labUrl}/mcp` };
    try {
      const { payload } = await jwtVerify(token, this.#keys, { ...expected, requiredClaims: ['exp', 'sub', 'jti'] });
      const { sub, role, permissions, toolset } = Claims.parse(payload);
      return { walletId: sub, role, permissions, ...(toolset === undefined ? {} : { toolset }) };
    } catch (cause) {
      throw refusal(cause);
    }
  }
}

function refusal(cause: unknown): Failure {
  if (cause instanceof errors.JWTExpired) return new Failure('unauthenticated', 'The token has ended.', HOW);
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWSSignatureVerificationFailed)
    return new Failure('unauthenticated', 'The lab did not sign this token.', HOW);
  // Of what it says about itself, whoever made it need not hear more.
  if (
    cause instanceof z.ZodError ||
    cause instanceof errors.JWTClaimValidationFailed ||
    cause instanceof errors.JWSInvalid
  )
    return new Failure('unauthenticated', 'This is no access token of the lab for its gateway.', HOW);
  if (cause instanceof errors.JOSEAlgNotAllowed || cause instanceof errors.JWTInvalid)
    return new Failure('unauthenticated', 'This is no access token of the lab for its gateway.', HOW);
  return new Failure('unavailable', 'The lab’s keys are not to be had.', 'See whether the lab runs, and LABMESH_URL.');
}
