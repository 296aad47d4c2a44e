// How much each wallet has brought that no agent has taken over yet: so that nobody fills the disk with beginnings. Kept where all
// replicas see it; what is lost there with the broker counts no more, and goes by age as all uploads do.
import type { KeyValue } from '@labmesh/bus';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

const Entries = z.array(z.object({ uploadId: z.string(), bytes: z.number() }));
type Entry = z.output<typeof Entries>[number];

export interface LedgerLimits {
  readonly uploads: number;
  /** Undefined: any number. */
  readonly bytes: number | undefined;
}

/** Writers that meet try again this often. */
const TRIES_MAX = 10;

export class UploadLedger {
  /** @param exists whether an upload is still there: taken over, removed and expired ones are not */
  constructor(
    private readonly store: KeyValue,
    private readonly exists: (uploadId: string) => Promise<boolean>,
  ) {}

  /** @throws AppError quota_exceeded when the wallet has brought as much as it may, unavailable without a broker */
  async enter(walletId: string, entry: Entry, limits: LedgerLimits): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const found = await this.store.get(walletId);
      const before = Entries.safeParse(found?.value).data ?? [];
      const kept = excess(before, entry, limits) === undefined ? before : await this.#existing(before);
      const why = excess(kept, entry, limits);
      if (why !== undefined) throw why;
      if ((await this.store.put(walletId, [...kept, entry], found?.revision ?? 0)) !== undefined) return;
    }
    throw new AppError('unavailable', 'Cannot begin the upload: too many begin at once. Try again.');
  }

  async #existing(entries: readonly Entry[]): Promise<Entry[]> {
    const there = await Promise.all(entries.map(({ uploadId }) => this.exists(uploadId)));
    return entries.filter((_, at) => there[at]);
  }
}

function excess(entries: readonly Entry[], { bytes }: Entry, limits: LedgerLimits): AppError | undefined {
  const hint =
    'Finish or remove one (DELETE at its address), or let an agent take one over; each ends by itself after a day';
  if (entries.length + 1 > limits.uploads)
    return new AppError(
      'quota_exceeded',
      `Cannot begin the upload: this wallet has ${entries.length} uploads, and ${limits.uploads} are allowed. ${hint}`,
    );
  const sum = entries.reduce((all, entry) => all + entry.bytes, bytes);
  if (limits.bytes !== undefined && sum > limits.bytes)
    return new AppError(
      'quota_exceeded',
      `Cannot begin the upload: with it this wallet’s uploads have ${sum} bytes, and ${limits.bytes} are allowed. ${hint}`,
    );
  return undefined;
}
