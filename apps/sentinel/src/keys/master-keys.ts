// The master keys that this replica has: one, or, while it is being changed, the old and the next. Which is in use, the active
// signing key tells: it is sealed under that one. A master key never leaves this class but as a key that seals or opens.

import { createHash, hkdfSync } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { SENTINEL_CONFIG, type SentinelConfig } from '../config.js';
import { seal, unseal } from './aead.js';
import { makeNextMasterKey, masterKeyOf, nextMasterKeyOf, promoteNextMasterKey } from './master-key.js';

/** Signing keys are sealed under the master key itself; what else is sealed, under a key made from it for one purpose. */
export type Purpose = 'signing keys' | 'data keys' | 'audit log key' | 'request state';

interface MasterKey {
  readonly key: Buffer;
  /** Keys for other purposes come from this one, never from the master key itself. */
  readonly root: Buffer;
}

const ID_CHARS = 16;

@Injectable()
export class MasterKeys {
  /** The one in use first. */
  #known: readonly MasterKey[] = [];
  #next: MasterKey | undefined;

  constructor(
    @Inject(SENTINEL_CONFIG) private readonly config: Pick<SentinelConfig, 'masterKey' | 'masterKeyNext'>,
    @Inject(LAB_CONFIG) private readonly lab: Pick<LabConfig, 'home'>,
  ) {}

  /** Reads settings and files anew. @throws AppError unavailable when there is no key, or a file is not one */
  async read({ mayMake }: { readonly mayMake: boolean }): Promise<void> {
    const { masterKey: given, masterKeyNext } = this.config;
    const first = await masterKeyOf({ given, home: this.lab.home, mayMake });
    const next = given === undefined ? await nextMasterKeyOf(this.lab.home) : masterKeyNext;
    this.#next = next === undefined ? undefined : made(next);
    this.#known = [made(first), ...(this.#next === undefined ? [] : [this.#next])];
  }

  /** Opens the active signing key, and takes the master key that opened it as the one in use; undefined when none does. */
  settle(sealed: Buffer, about: string): Buffer | undefined {
    for (const known of this.#known) {
      const opened = unseal(sealed, about, known.key);
      if (opened === undefined) continue;
      this.#known = [known, ...this.#known.filter((other) => other !== known)];
      return opened;
    }
    return undefined;
  }

  /** Seals under the master key in use. */
  seal(secret: Buffer, about: string, purpose: Purpose): Buffer {
    return seal(secret, about, keyOf(this.#inUse(), purpose));
  }

  /** Opens what was sealed under any master key that is known here. */
  open(sealed: Buffer, about: string, purpose: Purpose): Buffer | undefined {
    for (const known of this.#known) {
      const opened = unseal(sealed, about, keyOf(known, purpose));
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  /** True while the next key is the one in use, and the files do not say so yet. */
  get promotionIsDue(): boolean {
    return this.config.masterKey === undefined && this.#next !== undefined && this.#known[0] === this.#next;
  }

  /** What seals under the next key; made here where the keys are files. @throws AppError conflict where they are settings and it is not set */
  async nextSealer(): Promise<{ id: string; reseal: Reseal }> {
    if (this.config.masterKey === undefined) await makeNextMasterKey(this.lab.home);
    const before = this.#known[0];
    await this.read({ mayMake: false });
    const next = this.#next;
    if (next === undefined)
      throw new AppError(
        'conflict',
        'Cannot change the master key: LABMESH_MASTER_KEY_NEXT is not set. Give every Sentinel the same new key in it (openssl rand 32 | basenc --base64url | tr -d =), restart them one after another, then try again.',
      );
    const isBefore = ({ key }: MasterKey): number => Number(before !== undefined && key.equals(before.key));
    this.#known = this.#known.toSorted((one, other) => isBefore(other) - isBefore(one));
    const reseal: Reseal = (sealed, about, purpose) => {
      if (unseal(sealed, about, keyOf(next, purpose)) !== undefined) return 'already';
      const opened = this.open(sealed, about, purpose);
      return opened === undefined ? 'lost' : seal(opened, about, keyOf(next, purpose));
    };
    return { id: idOf(next), reseal };
  }

  /** Where the keys are files: the next is the key from now on. */
  async promote(): Promise<void> {
    if (!this.promotionIsDue) return;
    await promoteNextMasterKey(this.lab.home);
    await this.read({ mayMake: false });
  }

  #inUse(): MasterKey {
    const [first] = this.#known;
    if (first === undefined)
      throw new AppError('unavailable', 'Cannot seal yet: the Sentinel is still starting. Try again.');
    return first;
  }
}

const made = (key: Buffer): MasterKey => ({ key, root: derived(key, 'derived keys') });

const keyOf = ({ key, root }: MasterKey, purpose: Purpose): Buffer =>
  purpose === 'signing keys' ? key : derived(root, purpose);

/** Tells master keys apart, and says nothing else of one. */
const idOf = ({ root }: MasterKey): string =>
  createHash('sha256').update(derived(root, 'name')).digest('hex').slice(0, ID_CHARS);

/** HKDF (RFC 5869) with SHA-256. */
const derived = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `labmesh ${purpose}`, 32));

/** `already`: under the next key; `lost`: under none that is known. */
export type Reseal = (sealed: Buffer, about: string, purpose: Purpose) => Buffer | 'already' | 'lost';
