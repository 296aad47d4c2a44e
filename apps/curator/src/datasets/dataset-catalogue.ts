// Finds datasets for a wallet by words and facets, and counts what there is of each. Counts are kept until what they count changes.
import { packCursor, unpackCursor } from '@labmesh/agent';
import { type Call, type curator, DatasetId, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { LAB, summaryOf } from './dataset.js';
import { type Counts, DatasetListing, type Position, type Tally, type Wanted } from './dataset-listing.repository.js';

type List = (typeof curator.tools)['list_available_datasets'];
type Facets = NonNullable<ToolOutput<List>['facets']>;

const WORDS_MAX = 20;
/** Of values in one facet, those of most datasets. */
const VALUES_MAX = 50;
export const WITHIN_DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;
/** Counts by age are a little older than they say for so long. */
const KEPT_MS = 60_000;
const KEPT_MAX = 500;
const Packed = z.tuple([z.iso.datetime(), DatasetId]);

interface Kept {
  readonly state: string;
  readonly until: number;
  readonly facets: Facets;
}

@Injectable()
export class DatasetCatalogue {
  /** In the order of making, the oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(@Inject(DatasetListing) private readonly listing: DatasetListing) {}

  async list(input: ToolInput<List>, { principal }: Call): Promise<ToolOutput<List>> {
    const after = input.cursor === undefined ? undefined : placeOf(input.cursor);
    const { owner, format, origin, license, topic, updatedWithin } = input;
    const wanted: Wanted = {
      ...{ walletId: principal.walletId, owner, format, origin, license, topic },
      words: wordsOf(input.query ?? ''),
      updatedWithinDays: updatedWithin === undefined ? undefined : WITHIN_DAYS[updatedWithin],
    };
    // One more than asked for tells whether a page follows.
    const records = await this.listing.page(wanted, { limit: input.limit + 1, after });
    const page = records.slice(0, input.limit);
    const last = page.at(-1);
    return {
      datasets: page.map(summaryOf),
      ...(records.length > input.limit && last !== undefined
        ? { nextCursor: packCursor([last.createdAt.toISOString(), last.id]) }
        : {}),
      ...(input.facets ? { facets: await this.#facets(wanted) } : {}),
    };
  }

  async #facets(wanted: Wanted): Promise<Facets> {
    const key = JSON.stringify(wanted);
    const kept = this.#kept.get(key);
    // Asked before the counting: a change that comes meanwhile is seen the next time.
    const state = await this.listing.stateOf(wanted.walletId);
    if (kept !== undefined && kept.state === state && kept.until > Date.now()) return kept.facets;
    const facets = facetsOf(await this.listing.counts(wanted, Object.values(WITHIN_DAYS)));
    this.#kept.delete(key);
    this.#kept.set(key, { state, until: Date.now() + KEPT_MS, facets });
    if (this.#kept.size > KEPT_MAX) for (const oldest of [...this.#kept.keys()].slice(0, 1)) this.#kept.delete(oldest);
    return facets;
  }
}

/** Words between white space; what ASCII's signs part in one of them stands side by side, as the database takes texts apart. */
const wordsOf = (query: string): string[][] =>
  query
    .split(/\s+/)
    .map((word) => word.split(/[\0-/:-@[-`{-\x7f]+/).filter((part) => part !== ''))
    .filter((parts) => parts.length > 0)
    .slice(0, WORDS_MAX);

function facetsOf(counts: Counts): Facets {
  const lab = counts.owner.get(LAB) ?? 0;
  const all = [...counts.owner.values()].reduce((sum, count) => sum + count, 0);
  return {
    owner: valuesOf(
      new Map([
        [LAB, lab],
        ['mine', all - lab],
      ]),
    ),
    format: valuesOf(counts.format),
    origin: valuesOf(counts.origin),
    license: valuesOf(counts.license),
    topic: valuesOf(counts.topic),
    updatedWithin: valuesOf(
      new Map(Object.entries(WITHIN_DAYS).map(([name, days]) => [name, counts.days.get(String(days)) ?? 0])),
    ),
  };
}

/** Most first; of equal ones by their names. */
const valuesOf = (tally: Tally): Array<{ value: string; count: number }> =>
  [...tally]
    .filter(([, count]) => count > 0)
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, VALUES_MAX);

function placeOf(cursor: string): Position {
  const [createdAt, id] = unpackCursor(cursor, Packed);
  return { createdAt: new Date(createdAt), id };
}
