// Sentinel's whole list of restrictions, fetched into this process: once before anybody is let in here, and now and then.
import type { Bus } from '@labmesh/bus';
import { askSentinel } from './ask-sentinel.js';
import type { Restrictions } from './restrictions.js';

export class RestrictionList {
  #had = false;
  #fetching: Promise<void> | undefined;

  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly restrictions: Pick<Restrictions, 'known' | 'replace'>,
  ) {}

  /**
   * Undefined once this process has had the list; else what waits for it. Rejects with AppError unavailable when it cannot be
   * had: nobody is let in who might be kept out.
   */
  had(): Promise<void> | undefined {
    return this.#had ? undefined : this.refresh();
  }

  /** @throws AppError unavailable, and what else the Sentinel answers; what was heard holds on then */
  refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const known = this.restrictions.known();
    const { restrictions } = await askSentinel(this.bus, 'list_restrictions', {});
    this.restrictions.replace(restrictions, known);
    this.#had = true;
  }
}
