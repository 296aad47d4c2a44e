// Rows of errors: which kinds a wallet has had, and where. A kind is known by its template; no line of a log is ever given to it.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { Fingerprint } from './fingerprints.js';

/** Most kinds of a wallet; those not seen for longest are forgotten first. */
const KINDS_MAX = 5_000;
/** Most that one answer is compared with. */
const KNOWN_MAX = 10_000;
const PLACES_MAX = 10;

export interface Sighting extends Fingerprint {
  readonly lines: number;
}

export interface SeenBefore extends Sighting {
  readonly sources: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The newest sources first. */
  readonly where: string[];
}

export interface Listing {
  readonly words: readonly string[];
  readonly since: Date | undefined;
  /** The last one of what was listed before. */
  readonly before: Pick<SeenBefore, 'id' | 'lastAt'> | undefined;
  readonly limit: number;
}

/** A solution that is known to solve errors of these templates. */
export interface ErrorSolution {
  readonly id: string;
  readonly title: string;
  readonly templates: string[];
  readonly votes: number;
  readonly accepted: boolean;
}

// In the order of fingerprints, so that two records of one wallet lock their rows alike. A source that is told of again counts once,
// with the most lines that it had.
const RECORD = `
  WITH seen AS (SELECT * FROM unnest($3::text[], $4::text[], $5::int[]) AS s(fingerprint, template, lines) ORDER BY fingerprint),
  kinds AS (
    INSERT INTO librarian.error_events (wallet_id, fingerprint, template, last_at)
    SELECT $1, fingerprint, template, $6 FROM seen
    ON CONFLICT (wallet_id, fingerprint) DO UPDATE SET last_at = greatest(error_events.last_at, excluded.last_at))
  INSERT INTO librarian.error_sightings AS known (wallet_id, fingerprint, source, day, lines, at)
  SELECT $1, fingerprint, $2, ($6::timestamptz AT TIME ZONE 'UTC')::date, lines, $6 FROM seen
  ON CONFLICT (wallet_id, fingerprint, source) DO UPDATE
     SET lines = greatest(known.lines, excluded.lines), at = greatest(known.at, excluded.at)`;

const FORGET = `
  DELETE FROM librarian.error_events e USING (
    SELECT fingerprint FROM librarian.error_events WHERE wallet_id = $1 ORDER BY last_at DESC, fingerprint OFFSET ${KINDS_MAX}) old
   WHERE e.wallet_id = $1 AND e.fingerprint = old.fingerprint`;

/** Counts of processes go on by the day: no sum of them leaves what an answer holds. */
const KINDS = `
  SELECT e.fingerprint AS id, min(e.template) AS template, least(sum(s.lines), 2147483647)::int AS lines,
         count(DISTINCT s.source)::int AS sources, min(s.at) AS "firstAt", max(s.at) AS "lastAt",
         (array_agg(s.source ORDER BY s.at DESC))[1:${PLACES_MAX}] AS "where"
    FROM librarian.error_events e JOIN librarian.error_sightings s USING (wallet_id, fingerprint)`;

// $1 the wallet, null for all; $2 the source that is not counted, since it is the one that is looked at.
const SEEN = `
  ${KINDS}
   WHERE ($1::text IS NULL OR e.wallet_id = $1) AND s.source <> $2
   GROUP BY e.fingerprint ORDER BY max(s.at) DESC, e.fingerprint LIMIT ${KNOWN_MAX}`;

// $1 the wallet, null for all; $2 words that a kind has all of; $3 the earliest; $4 and $5 after which one it goes on; $6 how many.
const LIST = `
  ${KINDS}
   WHERE ($1::text IS NULL OR e.wallet_id = $1) AND ($3::timestamptz IS NULL OR s.at >= $3)
     AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS w(word) WHERE strpos(lower(e.template), lower(w.word)) = 0)
   GROUP BY e.fingerprint
  HAVING $4::timestamptz IS NULL OR max(s.at) < $4 OR (max(s.at) = $4 AND e.fingerprint > $5)
   ORDER BY max(s.at) DESC, e.fingerprint LIMIT $6`;

const SOLVING = `
  SELECT id, title, error_templates AS templates, votes, accepted_at IS NOT NULL AS accepted
    FROM librarian.solutions WHERE error_templates <> '{}' ORDER BY sequence DESC LIMIT ${KNOWN_MAX}`;

@Injectable()
export class SightingsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Writes down what a wallet has seen at a source, which counts once. */
  async record(walletId: string, source: string, seen: readonly Sighting[], at: Date): Promise<void> {
    if (seen.length === 0) return;
    const columns = [seen.map(({ id }) => id), seen.map(({ template }) => template), seen.map(({ lines }) => lines)];
    await this.database.pool.query(RECORD, [walletId, source, ...columns, at]);
    await this.database.pool.query(FORGET, [walletId]);
  }

  /** What the wallet has had, or everybody for undefined, but for one source. */
  async seen(walletId: string | undefined, without: string): Promise<SeenBefore[]> {
    return (await this.database.pool.query<SeenBefore>(SEEN, [walletId ?? null, without])).rows;
  }

  /** Kinds that the wallet has had, or everybody for undefined, those seen last first. */
  async list(walletId: string | undefined, { words, since, before, limit }: Listing): Promise<SeenBefore[]> {
    const values = [walletId ?? null, words, since ?? null, before?.lastAt ?? null, before?.id ?? null, limit];
    return (await this.database.pool.query<SeenBefore>(LIST, values)).rows;
  }

  /** Everybody's: the newest first. */
  async solving(): Promise<ErrorSolution[]> {
    return (await this.database.pool.query<ErrorSolution>(SOLVING)).rows;
  }
}
