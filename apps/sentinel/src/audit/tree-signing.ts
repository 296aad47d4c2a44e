// Signs a head within a second of any record, as long as this process runs: to the database, then to the witness file.

import { toAppError } from '@labmesh/contracts';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { AuditRepository } from './audit.repository.js';
import { AuditTree } from './audit-tree.js';
import { WitnessFile } from './witness-file.js';

/** From the first unsigned record to its head; what comes in between is signed with it. */
const GATHER_MS = 750;
const RETRY_MS = 5_000;
const OLDER_PAGE = 500;

@Injectable()
export class TreeSigning implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  /** Runs of this process come one after the other: two at once would only be in each other's way. */
  #turn: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(
    @Inject(AuditTree) private readonly tree: AuditTree,
    @Inject(AuditRepository) private readonly records: AuditRepository,
    @Inject(WitnessFile) private readonly witness: WitnessFile,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'error' | 'info'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whatever an earlier run left unsigned. */
  async onApplicationBootstrap(): Promise<void> {
    let older = 0;
    for (let page = OLDER_PAGE; page === OLDER_PAGE; older += page) page = await this.records.hashOlder(OLDER_PAGE);
    if (older > 0) this.log.info({ records: older }, 'older audit records are leaves of the log now');
    this.soon();
  }

  async onModuleDestroy(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#sign();
  }

  /** There are records to sign for. */
  soon(): void {
    this.#in(GATHER_MS);
  }

  /** Signs for all that is stored, now. @throws as AuditTree.grow */
  signNow(): Promise<void> {
    const run = this.#turn.then(() => this.#grow());
    this.#turn = run.catch(() => {});
    return run;
  }

  /** What comes while it signs has a head of its own later: under load this would never end. */
  async #grow(): Promise<void> {
    for (let more = true; more; ) {
      const head = await this.tree.grow();
      if (head !== undefined) await this.witness.append(head, new Date(this.clock()));
      more = head?.more === true;
    }
  }

  #in(ms: number): void {
    if (this.#timer !== undefined || this.#ended) return;
    this.#timer = setTimeout(() => void this.#sign(), ms);
    this.#timer.unref();
  }

  async #sign(): Promise<void> {
    // First of all: a record that comes from here on asks for its own time.
    this.#timer = undefined;
    try {
      await this.signNow();
    } catch (error) {
      this.log.error({ err: error, code: toAppError(error).code }, 'the audit log could not be signed; trying again');
      this.#in(RETRY_MS);
    }
  }
}
