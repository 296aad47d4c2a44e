// The solutions' rows: appended, never changed.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { NewSolution, Solution } from './solution.js';

/** Most rows of one read. */
const PAGE_ROWS = 200;

// The counter's row lock is held until the commit, so a solution becomes visible only after all with lower numbers.
const APPEND = `
  WITH next AS (UPDATE librarian.solution_counter SET last = last + 1 WHERE id = 1 RETURNING last)
  INSERT INTO librarian.solutions (id, sequence, title, problem, solution, tags, author_wallet_id, logged_at)
    SELECT $1, last, $2, $3, $4, $5::text[], $6, date_trunc('milliseconds', clock_timestamp()) FROM next
  RETURNING logged_at`;

const NEWER = `
  SELECT id, sequence, title, problem, solution, tags, author_wallet_id, logged_at
    FROM librarian.solutions WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE_ROWS}`;

interface Row {
  readonly id: string;
  readonly sequence: string;
  readonly title: string;
  readonly problem: string;
  readonly solution: string;
  readonly tags: string[];
  readonly author_wallet_id: string;
  readonly logged_at: Date;
}

@Injectable()
export class SolutionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Stores a solution under the next number and answers when. */
  async append(solution: NewSolution): Promise<Date> {
    const { id, title, problem, solution: text, tags, authorWalletId } = solution;
    const { rows } = await this.database.pool.query<Pick<Row, 'logged_at'>>(APPEND, [
      id,
      title,
      problem,
      text,
      tags,
      authorWalletId,
    ]);
    if (rows[0] === undefined) throw new Error('librarian.solution_counter has lost its row');
    return rows[0].logged_at;
  }

  /** The next solutions after the given number, in order: a page of them, fewer only when there are no more. */
  async newerThan(sequence: number): Promise<{ solutions: Solution[]; more: boolean }> {
    const { rows } = await this.database.pool.query<Row>(NEWER, [sequence]);
    return { solutions: rows.map(solutionOf), more: rows.length === PAGE_ROWS };
  }
}

const solutionOf = ({ sequence, author_wallet_id, logged_at, ...row }: Row): Solution => ({
  ...row,
  sequence: Number(sequence),
  authorWalletId: author_wallet_id,
  loggedAt: logged_at,
});
