// Keeps the newest policy of the database in force in this process, whichever replica set it, and tells every other process.

import { POLICY_SUBJECT } from '@labmesh/bus';
import { toAppError, type VersionedPolicy } from '@labmesh/contracts';
import { Policies } from '@labmesh/identity';
import { LOGGER, type Logger } from '@labmesh/runtime';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { RepeatedBroadcast } from '../repeated-broadcast.js';
import { PoliciesRepository, type StoredPolicy } from './policies.repository.js';

/** How often a replica looks whether another one set a policy, milliseconds. */
const LOOK_MS = 500;
/** Every so many looks the number alone is told, for whoever was away longer than news is repeated. */
const LOOKS_PER_REMINDER = 4;

@Injectable()
export class PolicyInForce implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;
  #failing = false;

  constructor(
    @Inject(PoliciesRepository) private readonly repository: PoliciesRepository,
    @Inject(Policies) private readonly policies: Policies,
    @Inject(RepeatedBroadcast) private readonly broadcast: RepeatedBroadcast,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.newest();
  }

  onApplicationBootstrap(): void {
    if (!this.repository.alone) this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** The newest policy there is, in force here when this resolves. */
  async newest(): Promise<StoredPolicy> {
    const newest = await this.repository.newest();
    this.policies.learn(newest);
    return newest;
  }

  /** get_policy */
  async get(): Promise<VersionedPolicy> {
    const { version, policy } = await this.newest();
    return { version, policy };
  }

  /** A policy was set: every process hears it whole, again and again for some seconds. */
  async announce(): Promise<void> {
    this.broadcast.tell(POLICY_SUBJECT, await this.get());
  }

  async #look(): Promise<void> {
    try {
      this.#looks += 1;
      const version = await this.repository.newestVersion();
      this.#failing = false;
      if (version > this.policies.current.version) await this.newest();
      if (this.#looks % LOOKS_PER_REMINDER === 0 && version > 0) this.broadcast.tellOnce(POLICY_SUBJECT, { version });
    } catch (error) {
      // Once for each time that the database is away, not twice a second.
      if (!this.#failing)
        this.log.warn({ code: toAppError(error).code }, 'cannot look for a newer policy; looking again and again');
      this.#failing = true;
    }
  }
}
