// The key that the log's tree heads are signed with: made once for a lab, kept sealed, the same in every replica. Whoever has
// its public half can check the log without the lab.
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { AppError, LOG_NAME_BYTES, LOG_NAME_PREFIX } from '@labmesh/contracts';
import { parseVerifierKey, type VerifierKey, verifierKeyText } from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { MasterKeys } from '../keys/master-keys.js';
import { AuditTreeRepository, type StoredLogKey } from './audit-tree.repository.js';

export interface LoadedLogKey {
  readonly privateKey: KeyObject;
  readonly verifier: VerifierKey;
  /** `name+id+key`, as people pass it on. */
  readonly text: string;
}

const PURPOSE = 'audit log key';

@Injectable()
export class LogKey {
  #loading: Promise<LoadedLogKey> | undefined;

  constructor(
    @Inject(AuditTreeRepository) private readonly repository: AuditTreeRepository,
    @Inject(MasterKeys) private readonly master: MasterKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws AppError unavailable when it was sealed under another master key, or altered */
  load(): Promise<LoadedLogKey> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** What others need to check the log. */
  async publish(): Promise<{ name: string; verifierKey: string }> {
    const { verifier, text } = await this.load();
    return { name: verifier.name, verifierKey: text };
  }

  async #load(): Promise<LoadedLogKey> {
    const stored = (await this.repository.logKey()) ?? (await this.#make());
    const secret = this.master.open(stored.sealedPrivate, stored.name, PURPOSE);
    if (secret === undefined)
      throw new AppError(
        'unavailable',
        `Cannot open the key of the audit log ${stored.name}: the master key is not the one it was sealed under. Restore <home>/master.key, or set LABMESH_MASTER_KEY to the value every replica uses.`,
      );
    return {
      privateKey: createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' }),
      verifier: parseVerifierKey(stored.verifierKey),
      text: stored.verifierKey,
    };
  }

  async #make(): Promise<StoredLogKey> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const name = `${LOG_NAME_PREFIX}${randomBytes(LOG_NAME_BYTES).toString('hex')}`;
    const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
    const key = {
      name,
      verifierKey: verifierKeyText({ name, key: publicKey }),
      sealedPrivate: this.master.seal(secret, name, PURPOSE),
    };
    await this.repository.addLogKey(key, new Date(this.clock()));
    // Reread: another replica's key may have been first.
    const winner = await this.repository.logKey();
    if (winner === undefined) throw new Error('no audit log key after one was added');
    return winner;
  }
}
