// Lists of datasets: a page of what fits, newest first, and how many there are of each kind. What is another wallet's, or was
// withdrawn, is in none. Pages are read along indexes, whatever they are asked for.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRecord, LAB } from './dataset.js';
import { FIELDS, recordOf, type StoredRow } from './dataset-rows.js';

/** The last dataset of the page before. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

/** What is asked for; what is left out may be anything. */
export interface Wanted {
  readonly walletId: string;
  readonly owner?: 'lab' | 'mine' | undefined;
  /** Each must be in the name or the description: its parts begin words there that stand side by side. They hold no ASCII signs. */
  readonly words: ReadonlyArray<readonly string[]>;
  readonly format?: string | undefined;
  readonly origin?: string | undefined;
  readonly license?: string | undefined;
  readonly topic?: string | undefined;
  readonly updatedWithinDays?: number | undefined;
}

export interface Page {
  readonly limit: number;
  /** The last dataset of the page before. */
  readonly after: Position | undefined;
}

/** How many of what fits have each value; days count what changed within so many. */
export interface Counts {
  readonly owner: Tally;
  readonly format: Tally;
  readonly origin: Tally;
  readonly license: Tally;
  readonly topic: Tally;
  readonly days: Tally;
}
export type Tally = ReadonlyMap<string, number>;

/** A statement and its values while it is put together. */
class Statement {
  readonly values: unknown[] = [];

  /** How a value is named in the text. */
  value(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

@Injectable()
export class DatasetListing {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first, each in its last version. */
  async page(wanted: Wanted, { limit, after }: Page): Promise<DatasetRecord[]> {
    const statement = new Statement();
    const owners = ownersOf(wanted).map((owner) => statement.value(owner, 'text'));
    const fits = conditions(wanted, statement);
    if (after !== undefined)
      fits.push(
        `(d.created_at, d.id) < (${statement.value(after.createdAt, 'timestamptz')}, ${statement.value(after.id, 'text')})`,
      );
    const most = statement.value(limit, 'int');
    // One owner's are in order in an index, those of two are not: of each come as many as there may be.
    const newest = owners.map(
      (
        owner,
      ) => `(SELECT d.id, d.created_at FROM "curator"."datasets" d WHERE ${[`d.owner = ${owner}`, ...fits].join(' AND ')}
        ORDER BY d.created_at DESC, d.id DESC LIMIT ${most})`,
    );
    const { rows } = await this.database.pool.query<StoredRow>(
      `SELECT ${FIELDS} FROM (SELECT * FROM (${newest.join(' UNION ALL ')}) AS each ORDER BY created_at DESC, id DESC LIMIT ${most}) AS page
       JOIN "curator"."datasets" d ON d.id = page.id
       JOIN "curator"."dataset_versions" v ON v.dataset_id = d.id AND v.version = d.version
       ORDER BY d.created_at DESC, d.id DESC`,
      statement.values,
    );
    return rows.map(recordOf);
  }

  /** Looks at all that fits. */
  async counts(wanted: Wanted, days: readonly number[]): Promise<Counts> {
    const statement = new Statement();
    const owners = statement.value(ownersOf(wanted), 'text[]');
    const fits = [`d.owner = ANY (${owners})`, ...conditions(wanted, statement)].join(' AND ');
    const within = statement.value(days, 'int[]');
    // Each is counted once for all kinds; topics apart, of which it has many.
    const { rows } = await this.database.pool.query<{ kind: keyof Counts; value: string; count: number }>(
      `WITH fits AS MATERIALIZED (
         SELECT d.owner, d.format, d.source, d.license, d.topics, d.updated_at FROM "curator"."datasets" d WHERE ${fits})
       SELECT CASE WHEN grouping(owner) = 0 THEN 'owner' WHEN grouping(format) = 0 THEN 'format'
                   WHEN grouping(source) = 0 THEN 'origin' ELSE 'license' END AS kind,
              coalesce(owner, format, source, license) AS value, count(*)::int AS count
         FROM fits GROUP BY GROUPING SETS ((owner), (format), (source), (license))
       UNION ALL SELECT 'topic', topic, count(*)::int FROM fits, unnest(topics) AS topic GROUP BY topic
       UNION ALL SELECT 'days', day::text, (SELECT count(*)::int FROM fits WHERE updated_at > now() - make_interval(days => day))
         FROM unnest(${within}) AS day`,
      statement.values,
    );
    const tally = (kind: keyof Counts): Tally =>
      new Map(rows.filter((row) => row.kind === kind && row.value !== null).map(({ value, count }) => [value, count]));
    return {
      owner: tally('owner'),
      format: tally('format'),
      origin: tally('origin'),
      license: tally('license'),
      topic: tally('topic'),
      days: tally('days'),
    };
  }

  /** Another one for every change of what this wallet may read. */
  async stateOf(walletId: string): Promise<string> {
    const { rows } = await this.database.pool.query<{ owner: string; count: string }>(
      'SELECT owner, count FROM "curator"."dataset_changes" WHERE owner = ANY ($1::text[]) ORDER BY owner',
      [[LAB, walletId]],
    );
    return rows.map(({ owner, count }) => `${owner === LAB ? LAB : 'own'}:${count}`).join(' ');
  }
}

const ownersOf = ({ owner, walletId }: Wanted): string[] =>
  owner === 'lab' ? [LAB] : owner === 'mine' ? [walletId] : [LAB, walletId];

function conditions(
  { words, format, origin, license, topic, updatedWithinDays }: Wanted,
  statement: Statement,
): string[] {
  return [
    'd.withdrawn_at IS NULL',
    ...(words.length === 0 ? [] : [`d.words @@ to_tsquery('simple', ${statement.value(queryOf(words), 'text')})`]),
    ...(format === undefined ? [] : [`d.format = ${statement.value(format, 'text')}`]),
    ...(origin === undefined ? [] : [`d.source = ${statement.value(origin, 'text')}`]),
    ...(license === undefined ? [] : [`d.license = ${statement.value(license, 'text')}`]),
    ...(topic === undefined ? [] : [`d.topics @> ARRAY[${statement.value(topic, 'text')}]`]),
    ...(updatedWithinDays === undefined
      ? []
      : [`d.updated_at > now() - make_interval(days => ${statement.value(updatedWithinDays, 'int')})`]),
  ];
}

const queryOf = (words: Wanted['words']): string =>
  words.map((parts) => `(${parts.map((part) => `${part}:*`).join(' <-> ')})`).join(' & ');
