// The solutions' rows: appended, and their texts never changed.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { NewSolution, Solution } from './solution.js';

/** Most rows of one read. */
const PAGE_ROWS = 200;
const UNIQUE_VIOLATION = '23505';

// The counter's row lock is held until the commit, so a solution becomes visible only after all with lower numbers. One whose content
// is there takes no number; two that come together meet at the unique index, which takes the second one back whole.
const APPEND = `
  WITH next AS (UPDATE librarian.solution_counter SET last = last + 1
                WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM librarian.solutions WHERE content_hash = $9) RETURNING last)
  INSERT INTO librarian.solutions (id, sequence, title, problem, solution, tags, author_wallet_id, evidence, error_templates,
                                   content_hash, variant_of, logged_at)
    SELECT $1, last, $2, $3, $4, $5::text[], $6, $7::text[], $8::text[], $9, $10, date_trunc('milliseconds', clock_timestamp()) FROM next
  RETURNING logged_at`;

const COLUMNS = `id, sequence, title, problem, solution, tags, author_wallet_id, evidence, error_templates, variant_of, logged_at`;
const NEWER = `SELECT ${COLUMNS} FROM librarian.solutions WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE_ROWS}`;

interface Row {
  readonly id: string;
  readonly sequence: string;
  readonly title: string;
  readonly problem: string;
  readonly solution: string;
  readonly tags: string[];
  readonly author_wallet_id: string;
  readonly evidence: string[];
  readonly error_templates: string[];
  readonly variant_of: string | null;
  readonly logged_at: Date;
}

@Injectable()
export class SolutionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Stores a solution under the next number and answers when; undefined when one with its content is there. */
  async append(solution: NewSolution): Promise<Date | undefined> {
    const { id, title, problem, solution: text, tags, authorWalletId, evidence, errorTemplates } = solution;
    const values = [id, title, problem, text, tags, authorWalletId, evidence, errorTemplates];
    try {
      const { rows } = await this.database.pool.query<Pick<Row, 'logged_at'>>(APPEND, [
        ...values,
        solution.contentHash,
        solution.variantOf,
      ]);
      return rows[0]?.logged_at;
    } catch (error) {
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return undefined;
      throw error;
    }
  }

  async byContent(contentHash: string): Promise<Solution | undefined> {
    return (await this.#read('content_hash = $1', contentHash))[0];
  }

  /** Those of these ids that are there, the first logged first. */
  async byIds(ids: readonly string[]): Promise<Solution[]> {
    return ids.length === 0 ? [] : this.#read('id = ANY($1::text[])', ids);
  }

  /** The next solutions after the given number, in order: a page of them, fewer only when there are no more. */
  async newerThan(sequence: number): Promise<{ solutions: Solution[]; more: boolean }> {
    const { rows } = await this.database.pool.query<Row>(NEWER, [sequence]);
    return { solutions: rows.map(solutionOf), more: rows.length === PAGE_ROWS };
  }

  async #read(where: string, value: unknown): Promise<Solution[]> {
    const sql = `SELECT ${COLUMNS} FROM librarian.solutions WHERE ${where} ORDER BY sequence`;
    return (await this.database.pool.query<Row>(sql, [value])).rows.map(solutionOf);
  }
}

const solutionOf = ({ sequence, author_wallet_id, error_templates, variant_of, logged_at, ...row }: Row): Solution => ({
  ...row,
  sequence: Number(sequence),
  authorWalletId: author_wallet_id,
  errorTemplates: error_templates,
  variantOf: variant_of,
  loggedAt: logged_at,
});
