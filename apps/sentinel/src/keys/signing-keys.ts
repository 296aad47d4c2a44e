// The lab's signing keys: the first made at first start, each opened once, published as a JWK set. While one takes another's place
// both are published, and each replica looks every second for what another one changed. The private half never leaves this class.
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ACCESS_TOKEN_MAX_S, AppError } from '@labmesh/contracts';
import { CLOCK_SKEW_S, parseKeySet, type VerificationKey } from '@labmesh/identity';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { CLOCK, type Clock } from '../clock.js';
import { MasterKeys } from './master-keys.js';
import { type NewKey, SigningKeysRepository, type StoredKey } from './signing-keys.repository.js';

interface Loaded {
  /** Newest first. */
  readonly keys: readonly StoredKey[];
  readonly published: readonly VerificationKey[];
}

const LOOK_MS = 1_000;
/** Where every change is this replica's own, only time takes a key away. */
const LOOK_ALONE_MS = 30_000;
/** How long a key is published after the next one took its place: the life of its last token, with clocks that differ. */
const PUBLISHED_MS = (ACCESS_TOKEN_MAX_S + 2 * CLOCK_SKEW_S) * 1_000;

@Injectable()
export class SigningKeys implements OnModuleInit, OnModuleDestroy {
  #loaded: Loaded | undefined;
  readonly #opened = new Map<string, KeyObject>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(
    @Inject(SigningKeysRepository) private readonly repository: SigningKeysRepository,
    @Inject(MasterKeys) private readonly master: MasterKeys,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const active = await this.repository.active();
    await this.master.read({ mayMake: active === undefined });
    if (active === undefined) await this.#make();
    await this.look();
    this.#lookLater();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Reads the keys anew. @throws AppError unavailable when the active one was sealed under another master key, or altered */
  async look(): Promise<void> {
    const keys = await this.repository.published(new Date(this.clock() - PUBLISHED_MS));
    const active = keys.find(({ retiredAt }) => retiredAt === Number.POSITIVE_INFINITY);
    if (active === undefined) throw new Error('no active signing key');
    if (this.#loaded !== undefined && sameKeys(this.#loaded.keys, keys)) return;
    const secret = await this.#settled(active);
    this.#opened.set(active.kid, asKey(secret));
    for (const { kid, sealedPrivate } of keys) {
      const opened = this.#opened.has(kid) ? undefined : this.master.open(sealedPrivate, kid, 'signing keys');
      if (opened !== undefined) this.#opened.set(kid, asKey(opened));
    }
    // The objects of known keys are kept: what was made of them is found by them.
    const before = new Map(this.#loaded?.published.map((key) => [key.kid, key]));
    const parsed = parseKeySet({ keys: keys.map(({ publicKey }) => publicKey) });
    this.#loaded = { keys, published: parsed.map((key) => before.get(key.kid) ?? key) };
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
    const now = this.clock();
    const { keys } = this.#ready();
    // The newest that has begun; of two whose times do not meet, the older goes on.
    const key = keys.find(({ kid, signsFrom }) => signsFrom <= now && this.#opened.has(kid)) ?? keys.at(-1);
    const privateKey = this.#opened.get(key?.kid ?? '');
    if (key === undefined || privateKey === undefined)
      throw new AppError('unavailable', 'Cannot sign: no signing key could be opened. See the Sentinel’s log.');
    return jwt.sign(claims, privateKey, { algorithm: 'ES256', header: { alg: 'ES256', typ, kid: key.kid } });
  }

  /**
   * Puts a new key in the place of the active one.
   * @param distrusted the old one is known to somebody: nothing it signed is believed any more, from now on
   * @throws AppError conflict when somebody else does it at the same time
   */
  async rotate({ leadMs, distrusted }: { leadMs: number; distrusted: boolean }) {
    const now = this.clock();
    const signsFrom = new Date(distrusted ? now : now + leadMs);
    const previous = await this.repository.active();
    const key = newKey(this.master);
    const retiredAt = distrusted ? new Date(0) : signsFrom;
    if (
      previous === undefined ||
      (previous.signsFrom > now && !distrusted) ||
      !(await this.repository.replace(previous.kid, key, { now: new Date(now), signsFrom, retiredAt }))
    )
      throw new AppError(
        'conflict',
        'Cannot change the signing key: it is being changed at this moment. Wait until the new one signs, then look.',
      );
    if (distrusted) await this.repository.distrustRetired();
    await this.look();
    return { keyId: key.kid, previousKeyId: previous.kid, at: signsFrom };
  }

  async #make(): Promise<void> {
    await this.repository.addIfNone(newKey(this.master), new Date(this.clock()));
    // Another replica's key, and its master key, may have been first.
    await this.master.read({ mayMake: false });
  }

  /** The active key opened; the files are read again when another replica has changed the master key since. */
  async #settled({ kid, sealedPrivate }: StoredKey): Promise<Buffer> {
    const known = this.master.settle(sealedPrivate, kid);
    if (known !== undefined) return known;
    await this.master.read({ mayMake: false });
    const secret = this.master.settle(sealedPrivate, kid);
    if (secret !== undefined) return secret;
    throw new AppError(
      'unavailable',
      `Cannot open the signing key ${kid}: the master key is not the one it was sealed under. Restore <home>/master.key, or set LABMESH_MASTER_KEY to the value every replica uses.`,
    );
  }

  #lookLater(): void {
    this.#timer = setTimeout(
      () => {
        this.#looking = this.look()
          .catch((error: unknown) => this.log.warn({ err: error }, 'signing keys could not be read anew'))
          .finally(() => {
            if (!this.#stopped) this.#lookLater();
          });
      },
      this.repository.alone ? LOOK_ALONE_MS : LOOK_MS,
    ).unref();
  }

  #ready(): Loaded {
    if (!this.#loaded)
      throw new AppError('unavailable', 'Cannot sign or verify yet: the Sentinel is still starting. Try again.');
    return this.#loaded;
  }
}

const sameKeys = (one: readonly StoredKey[], other: readonly StoredKey[]): boolean =>
  one.length === other.length &&
  one.every((key, at) => {
    const { kid, signsFrom, retiredAt, sealedPrivate } = other[at] ?? key;
    return (
      key.kid === kid &&
      key.signsFrom === signsFrom &&
      key.retiredAt === retiredAt &&
      key.sealedPrivate.equals(sealedPrivate)
    );
  });

const asKey = (secret: Buffer): KeyObject => createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });

function newKey(master: MasterKeys): NewKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const kid = thumbprint({ crv: 'P-256', kty: 'EC', x, y });
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
  const sealedPrivate = master.seal(secret, kid, 'signing keys');
  return { kid, publicKey: { kty: 'EC', crv: 'P-256', x, y, kid }, sealedPrivate };
}

/** RFC 7638: SHA-256 over the required members, in the order of their names, without spaces. */
export function thumbprint({ crv, kty, x, y }: Omit<VerificationKey, 'kid'>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
