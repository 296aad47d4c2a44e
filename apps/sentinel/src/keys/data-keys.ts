// The keys that data is encrypted under: envelope keys, sealed under one that comes of the master key. A key leaves this class
// only as a key of one wallet's, made from it.
import { hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { DataKeysRepository, type StoredDataKey } from './data-keys.repository.js';
import { MasterKeys } from './master-keys.js';

export interface WalletKey {
  readonly keyId: string;
  readonly key: Buffer;
}

const KEY_BYTES = 32;
const ID_BYTES = 8;
const PURPOSE = 'data keys';
/** For so long a replica may go on with a key that another one has retired, milliseconds. */
const ACTIVE_KNOWN_MS = 1_000;

@Injectable()
export class DataKeys {
  readonly #opened = new Map<string, Buffer>();
  #active: { readonly id: string; readonly untilMs: number } | undefined;

  constructor(
    @Inject(DataKeysRepository) private readonly repository: DataKeysRepository,
    @Inject(MasterKeys) private readonly master: MasterKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The newest key, for this wallet. The first one is made when it is first asked for. */
  async newest(walletId: string): Promise<WalletKey> {
    const keyId = await this.#newestId();
    return { keyId, key: await this.#walletKey(keyId, walletId) };
  }

  /** @throws AppError conflict for a key that is not the lab's */
  async byId(keyId: string, walletId: string): Promise<WalletKey> {
    return { keyId, key: await this.#walletKey(keyId, walletId) };
  }

  /** @throws AppError conflict when another replica rotates at the same time */
  async rotate(): Promise<{ keyId: string; previousKeyId?: string; at: Date }> {
    const previous = await this.repository.active();
    const at = new Date(this.clock());
    const key = this.#make();
    if (!(await this.repository.replace(previous?.id, key, at)))
      throw new AppError(
        'conflict',
        'Cannot rotate the key: somebody else does it at this moment. Look, then try again.',
      );
    this.#active = undefined;
    return { keyId: key.id, at, ...(previous === undefined ? {} : { previousKeyId: previous.id }) };
  }

  async #newestId(): Promise<string> {
    const nowMs = this.clock();
    if (this.#active !== undefined && this.#active.untilMs > nowMs) return this.#active.id;
    const active = (await this.repository.active()) ?? (await this.#first());
    this.#active = { id: active.id, untilMs: nowMs + ACTIVE_KNOWN_MS };
    return active.id;
  }

  async #first(): Promise<StoredDataKey> {
    await this.repository.replace(undefined, this.#make(), new Date(this.clock()));
    // Reread: another replica's key may have been first.
    const winner = await this.repository.active();
    if (winner === undefined) throw new Error('no active data key after one was added');
    return winner;
  }

  #make(): StoredDataKey {
    const id = randomBytes(ID_BYTES).toString('hex');
    return { id, sealedKey: this.master.seal(randomBytes(KEY_BYTES), id, PURPOSE) };
  }

  /** HKDF (RFC 5869): random nonces stay far from meeting, since each wallet's data has a key of its own. */
  async #walletKey(id: string, walletId: string): Promise<Buffer> {
    const opened = this.#opened.get(id) ?? (await this.#open(id));
    return Buffer.from(hkdfSync('sha256', opened, Buffer.alloc(0), `labmesh data ${walletId}`, KEY_BYTES));
  }

  async #open(id: string): Promise<Buffer> {
    const stored = await this.repository.byId(id);
    const opened = stored === undefined ? undefined : this.master.open(stored.sealedKey, id, PURPOSE);
    if (opened === undefined)
      throw new AppError(
        'conflict',
        `Cannot decrypt: the key ${id} is not one of this lab. Was the data encrypted here?`,
      );
    this.#opened.set(id, opened);
    return opened;
  }
}
