// What is said of solutions: votes and acceptance, each change one statement or one transaction; and lists by it.
import { librarian } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface Standing {
  readonly authorWalletId: string;
  readonly acceptedAt: Date | null;
}

export interface ListedSolution extends Standing {
  readonly id: string;
  readonly sequence: string;
  readonly title: string;
  readonly tags: string[];
  readonly evidence: string[];
  readonly variantOf: string | null;
  readonly loggedAt: Date;
  readonly votes: number;
  readonly voted: boolean;
  /** Of the looker, that it was logged with. */
  readonly projects: string[];
}

/** Where a page begins: after this one. */
export interface PlaceInList {
  readonly votes: number;
  readonly sequence: string;
}

export interface Wanted {
  /** Of whoever looks. */
  readonly walletId: string;
  /** These alone; undefined for all. */
  readonly ids: readonly string[] | undefined;
  readonly tags: readonly string[];
  readonly mine: boolean;
  readonly accepted: boolean | undefined;
  /** Only this one and those of the same trouble: the first of them, and all that were logged as another way. */
  readonly of: string | undefined;
  /** Only those that were logged with this one, of the looker's. */
  readonly project: string | undefined;
  readonly byVotes: boolean;
  readonly after: PlaceInList | undefined;
  readonly limit: number;
}

const VOTES = 'UPDATE librarian.solutions SET votes = votes + (SELECT';
const VOTE = `
  WITH cast_now AS (INSERT INTO librarian.solution_votes (solution_id, wallet_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1)
  ${VOTES} count(*) FROM cast_now) WHERE id = $1 RETURNING votes`;
const WITHDRAW = `
  WITH taken_back AS (DELETE FROM librarian.solution_votes WHERE solution_id = $1 AND wallet_id = $2 RETURNING 1)
  ${VOTES} -count(*) FROM taken_back) WHERE id = $1 RETURNING votes`;

// $1 the looker, $2 ids, $3 tags, $4 only theirs, $5 accepted, $6 and $7 the place, $8 limit, $9 the project.
const list = (byVotes: boolean): string => `
  SELECT s.id, s.sequence, s.title, s.tags, s.evidence, s.variant_of AS "variantOf", s.logged_at AS "loggedAt", s.votes,
         s.author_wallet_id AS "authorWalletId", s.accepted_at AS "acceptedAt",
         EXISTS (SELECT 1 FROM librarian.solution_votes v WHERE v.solution_id = s.id AND v.wallet_id = $1) AS voted,
         ARRAY(SELECT p.project_id FROM librarian.solution_projects p WHERE p.solution_id = s.id AND p.owner = $1 ORDER BY 1) AS projects
    FROM librarian.solutions s
   WHERE ($2::text[] IS NULL OR s.id = ANY($2)) AND s.tags @> $3::text[] AND (NOT $4::boolean OR s.author_wallet_id = $1)
     AND ($5::boolean IS NULL OR (s.accepted_at IS NOT NULL) = $5)
     AND ($9::text IS NULL OR EXISTS (SELECT 1 FROM librarian.solution_projects p
                                       WHERE p.solution_id = s.id AND p.owner = $1 AND p.project_id = $9))
     AND ($10::text IS NULL OR coalesce(s.variant_of, s.id) = (
           SELECT coalesce(o.variant_of, o.id) FROM librarian.solutions o WHERE o.id = $10))
     AND ($7::bigint IS NULL OR ${byVotes ? '(s.votes, s.sequence) < ($6::int, $7)' : '($6::int, s.sequence) < ($6, $7)'})
   ORDER BY ${byVotes ? 's.votes DESC, ' : ''}s.sequence DESC LIMIT $8`;

@Injectable()
export class StandingRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Pick<Database, 'pool' | 'prisma'>,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  async find(id: string): Promise<Standing | undefined> {
    const { rows } = await this.database.pool.query<Standing>(
      'SELECT author_wallet_id AS "authorWalletId", accepted_at AS "acceptedAt" FROM librarian.solutions WHERE id = $1',
      [id],
    );
    return rows[0];
  }

  /** Of those of these ids that are there. */
  async of(ids: readonly string[]): Promise<Map<string, { votes: number; accepted: boolean }>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.database.pool.query<{ id: string; votes: number; accepted: boolean }>(
      'SELECT id, votes, accepted_at IS NOT NULL AS accepted FROM librarian.solutions WHERE id = ANY($1::text[])',
      [ids],
    );
    return new Map(rows.map(({ id, ...said }) => [id, said]));
  }

  /** Counts the wallet's vote, or takes it back, once however often it is asked; answers how many there are now. */
  async vote(id: string, walletId: string, up: boolean): Promise<number> {
    const { rows } = await this.database.pool.query<{ votes: number }>(up ? VOTE : WITHDRAW, [id, walletId]);
    if (rows[0] === undefined) throw new Error(`the solution ${id} is gone`);
    return rows[0].votes;
  }

  /** When it was accepted, and whether now. Whoever is first tells of it, in the same transaction. */
  async accept(id: string, author: string, by: string): Promise<{ at: Date; fresh: boolean }> {
    const done = await this.database.prisma.$transaction(async (tx) => {
      const [now] = await tx.$queryRaw<Array<{ at: Date }>>`
        UPDATE librarian.solutions SET accepted_at = date_trunc('milliseconds', clock_timestamp()), accepted_by = ${by}
         WHERE id = ${id} AND accepted_at IS NULL RETURNING accepted_at AS at`;
      if (now === undefined) return undefined;
      const told = { solutionId: id, walletId: author, acceptedBy: by };
      await enqueueEvent(tx, librarian.events.solution_accepted, told);
      return now.at;
    });
    if (done !== undefined) {
      this.outbox.poke();
      return { at: done, fresh: true };
    }
    const before = (await this.find(id))?.acceptedAt;
    if (before == null) throw new Error(`the solution ${id} is gone`);
    return { at: before, fresh: false };
  }

  async list({
    walletId,
    ids,
    tags,
    mine,
    accepted,
    of,
    project,
    byVotes,
    after,
    limit,
  }: Wanted): Promise<ListedSolution[]> {
    const place = [after?.votes ?? 0, after?.sequence ?? null];
    const values = [walletId, ids ?? null, tags, mine, accepted ?? null, ...place, limit, project ?? null, of ?? null];
    return (await this.database.pool.query<ListedSolution>(list(byVotes), values)).rows;
  }
}
