// The lab's signing key: made at first start, opened once, published as a JWK set. The private half never leaves this class.
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { LAB_CONFIG, type LabConfig, parseKeySet, type VerificationKey } from '@labmesh/agent';
import { ACCESS_TOKEN_MAX_S, AppError } from '@labmesh/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { CLOCK, type Clock } from '../clock.js';
import { SENTINEL_CONFIG, type SentinelConfig } from '../config.js';
import { masterKeyOf } from './master-key.js';
import { open, seal } from './sealed-key.js';
import { SigningKeysRepository, type StoredKey } from './signing-keys.repository.js';

interface Loaded {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly published: readonly VerificationKey[];
}

@Injectable()
export class SigningKeys implements OnModuleInit {
  #loaded: Loaded | undefined;

  constructor(
    @Inject(SigningKeysRepository) private readonly repository: SigningKeysRepository,
    @Inject(SENTINEL_CONFIG) private readonly config: SentinelConfig,
    @Inject(LAB_CONFIG) private readonly lab: LabConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const active = await this.repository.active();
    const source = { given: this.config.masterKey, home: this.lab.home };
    const masterKey = await masterKeyOf({ ...source, mayMake: active === undefined });
    const key = active ?? (await this.#make(masterKey));
    const since = new Date(this.clock() - ACCESS_TOKEN_MAX_S * 1_000);
    this.#loaded = {
      kid: key.kid,
      privateKey: createPrivateKey({ key: open(key.sealedPrivate, key.kid, masterKey), format: 'der', type: 'pkcs8' }),
      published: parseKeySet({ keys: await this.repository.published(since) }),
    };
  }

  /** What tokens and passes are verified with. */
  verificationKeys(): readonly VerificationKey[] {
    return this.#ready().published;
  }

  /** The JWK set (RFC 7517) that others verify with. */
  publish(): { keys: Array<Record<string, unknown>> } {
    return { keys: this.#ready().published.map((key) => ({ ...key, alg: 'ES256', use: 'sig' })) };
  }

  /** Signs claims as a JWT of the given type. `iat` and `exp` are the caller's, Unix seconds. */
  sign(typ: 'at+jwt' | 'pass+jwt', claims: Record<string, unknown>): string {
    const { kid, privateKey } = this.#ready();
    return jwt.sign(claims, privateKey, { algorithm: 'ES256', header: { alg: 'ES256', typ, kid } });
  }

  async #make(masterKey: Buffer): Promise<StoredKey> {
    await this.repository.addIfNone(newKey(masterKey), new Date(this.clock()));
    // Reread: another replica's key may have been first.
    const winner = await this.repository.active();
    if (!winner) throw new Error('no active signing key after one was added');
    return winner;
  }

  #ready(): Loaded {
    if (!this.#loaded)
      throw new AppError('unavailable', 'Cannot sign or verify yet: the Sentinel is still starting. Try again.');
    return this.#loaded;
  }
}

function newKey(masterKey: Buffer): StoredKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const kid = thumbprint({ crv: 'P-256', kty: 'EC', x, y });
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
  return { kid, publicKey: { kty: 'EC', crv: 'P-256', x, y, kid }, sealedPrivate: seal(secret, kid, masterKey) };
}

/** RFC 7638: SHA-256 over the required members, in the order of their names, without spaces. */
export function thumbprint({ crv, kty, x, y }: Omit<VerificationKey, 'kid'>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
