// The cards of the lab's datasets: the newest of each, numbered in the order in which they became visible.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetCard, fileOf } from './dataset-card.js';

/** Most rows of one read. */
const PAGE_ROWS = 200;

// The counter's row lock is held until the commit, so a card becomes visible only after all with lower numbers. An older version
// that comes late changes nothing, and takes no number. A card without a text says that its dataset was withdrawn: it stays, as
// what was sent before may come after; only a later version takes its place.
const OVER = `version > $2 OR (version = $2 AND (text = $3 OR text = ''))`;
const PUT = `
  WITH next AS (UPDATE librarian.dataset_card_counter SET last = last + 1
                WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM librarian.dataset_cards WHERE dataset_id = $1 AND (${OVER})) RETURNING last),
    vectors AS (DELETE FROM librarian.passage_vectors WHERE file = $4 AND EXISTS (SELECT 1 FROM next))
  INSERT INTO librarian.dataset_cards AS card (dataset_id, version, sequence, text) SELECT $1, $2, last, $3 FROM next
  ON CONFLICT (dataset_id) DO UPDATE SET version = excluded.version, sequence = excluded.sequence, text = excluded.text
    WHERE card.version < excluded.version OR (card.version = excluded.version AND card.text <> '')`;
const WITHDRAWN = '';

const NEWER = `
  SELECT dataset_id AS "datasetId", version, text, sequence FROM librarian.dataset_cards
  WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE_ROWS}`;

export interface NumberedCard extends DatasetCard {
  readonly withdrawn: boolean;
  /** Counts up in the order in which cards became visible. */
  readonly sequence: number;
}

@Injectable()
export class DatasetCardsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Stores the card, unless a newer version of its dataset has one. */
  async put({ datasetId, version, text }: DatasetCard): Promise<void> {
    await this.database.pool.query(PUT, [datasetId, version, text, fileOf(datasetId)]);
  }

  /** Takes the card of a dataset away, whose last version this was, for good: what comes late of it changes nothing. */
  async withdraw(datasetId: string, version: number): Promise<void> {
    await this.put({ datasetId, version, text: WITHDRAWN });
  }

  /** The next cards after the given number, in order: a page of them, fewer only when there are no more. */
  async newerThan(sequence: number): Promise<{ cards: NumberedCard[]; more: boolean }> {
    const { rows } = await this.database.pool.query<DatasetCard & { sequence: string }>(NEWER, [sequence]);
    const cards = rows.map((row) => ({ ...row, sequence: Number(row.sequence), withdrawn: row.text === WITHDRAWN }));
    return { cards, more: rows.length === PAGE_ROWS };
  }
}
