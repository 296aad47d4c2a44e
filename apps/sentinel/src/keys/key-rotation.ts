// rotate_keys: a new key in the place of an old one, while the lab runs. What the old one made stays good, unless it leaked.
import { setTimeout } from 'node:timers/promises';
import { KEYS_SUBJECT } from '@labmesh/bus';
import type { sentinel, ToolInput, ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { RepeatedBroadcast } from '../repeated-broadcast.js';
import { DataKeys } from './data-keys.js';
import { MasterKeys } from './master-keys.js';
import { SealedRepository } from './sealed.repository.js';
import { SigningKeys } from './signing-keys.js';

type Rotate = (typeof sentinel.tools)['rotate_keys'];

/** Until every replica surely seals under the next key, milliseconds: they look every second. */
const STRAGGLERS_MS = 2_500;

@Injectable()
export class KeyRotation implements OnApplicationBootstrap {
  constructor(
    @Inject(MasterKeys) private readonly master: MasterKeys,
    @Inject(SigningKeys) private readonly signing: SigningKeys,
    @Inject(DataKeys) private readonly data: DataKeys,
    @Inject(SealedRepository) private readonly sealed: SealedRepository,
    @Inject(RepeatedBroadcast) private readonly broadcast: Pick<RepeatedBroadcast, 'tell'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Ends a change of the master key that a crash cut short: everything is sealed under the next key, and its file says otherwise. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.master.promotionIsDue) return;
    const { reseal } = await this.master.nextSealer();
    await this.sealed.resealAll(reseal);
    await this.master.promote();
  }

  /** @throws AppError conflict when the same key is being changed already, or the next master key is nowhere */
  async rotate({ what, leaked, leadSeconds }: ToolInput<Rotate>): Promise<ToolOutput<Rotate>> {
    switch (what) {
      case 'data': {
        const { at, ...rotated } = await this.data.rotate();
        return { what, ...rotated, at: at.toISOString() };
      }
      case 'signing': {
        const rotated = await this.signing.rotate({ leadMs: leadSeconds * 1_000, distrusted: leaked });
        this.broadcast.tell(KEYS_SUBJECT, { keyIds: this.signing.verificationKeys().map(({ kid }) => kid), leaked });
        return { what, ...rotated, at: rotated.at.toISOString() };
      }
      case 'master':
        return { what, ...(await this.#master()) };
    }
  }

  async #master(): Promise<Omit<ToolOutput<Rotate>, 'what'>> {
    const { id, reseal } = await this.master.nextSealer();
    const first = await this.sealed.resealAll(reseal);
    await this.signing.look();
    // A replica may have sealed a new key under the old one until it looked.
    await setTimeout(STRAGGLERS_MS);
    const second = await this.sealed.resealAll(reseal);
    await this.master.promote();
    return {
      keyId: id,
      at: new Date(this.clock()).toISOString(),
      resealed: first.resealed + second.resealed,
      lost: second.lost,
    };
  }
}
