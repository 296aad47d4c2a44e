// Rows of conversations: lists, titles, ends. Every statement names the wallet: no id alone finds anything.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { Place } from './message.js';

export interface HeadRow {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly messages: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Found extends HeadRow {
  readonly excerpt: string | null;
}

export interface Wanted {
  readonly walletId: string;
  /** All of them stand in its title or messages. */
  readonly words: readonly string[];
  readonly after: { readonly updatedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

export interface Used {
  readonly conversations: number;
  readonly characters: number;
}

export const HEAD = 'id, title, version, messages, created_at AS "createdAt", updated_at AS "updatedAt"';

// $2 the words as patterns, $3 the first of them as it is.
const LIST = `
  SELECT c.id, c.title, c.version, c.messages, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
    (SELECT substr(m.plain, greatest(1, strpos(lower(m.plain), lower($3)) - 60), 200) FROM librarian.conversation_messages m
      WHERE m.wallet_id = c.wallet_id AND m.conversation_id = c.id AND m.plain ILIKE ($2::text[])[1] ORDER BY m.sequence LIMIT 1) AS excerpt
  FROM librarian.conversations c
  WHERE c.wallet_id = $1
    AND NOT EXISTS (SELECT 1 FROM unnest($2::text[]) word WHERE c.title NOT ILIKE word AND NOT EXISTS (
      SELECT 1 FROM librarian.conversation_messages m
      WHERE m.wallet_id = c.wallet_id AND m.conversation_id = c.id AND m.plain ILIKE word))
    AND ($4::timestamptz IS NULL OR (c.updated_at, c.id) < ($4, $5::uuid))
  ORDER BY c.updated_at DESC, c.id DESC LIMIT $6`;

export const USED = `
  SELECT count(*)::int AS conversations, coalesce(sum(characters), 0)::float8 AS characters
  FROM librarian.conversations WHERE wallet_id = $1`;

@Injectable()
export class ConversationsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  async list({ walletId, words, after, limit }: Wanted): Promise<Found[]> {
    const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
    const values = [walletId, patterns, words[0] ?? '', after?.updatedAt ?? null, after?.id ?? null, limit];
    return (await this.database.pool.query<Found>(LIST, values)).rows;
  }

  async used(walletId: string): Promise<Used> {
    const { rows } = await this.database.pool.query<Used>(USED, [walletId]);
    return rows[0] ?? { conversations: 0, characters: 0 };
  }

  async head({ walletId, conversationId }: Place): Promise<HeadRow | undefined> {
    const { rows } = await this.database.pool.query<HeadRow>(
      `SELECT ${HEAD} FROM librarian.conversations WHERE wallet_id = $1 AND id = $2`,
      [walletId, conversationId],
    );
    return rows[0];
  }

  /** Undefined when the wallet has no such conversation. */
  async rename({ walletId, conversationId }: Place, title: string): Promise<HeadRow | undefined> {
    const { rows } = await this.database.pool.query<HeadRow>(
      `UPDATE librarian.conversations SET title = $3, version = version + CASE WHEN title = $3 THEN 0 ELSE 1 END
       WHERE wallet_id = $1 AND id = $2 RETURNING ${HEAD}`,
      [walletId, conversationId, title],
    );
    return rows[0];
  }

  /** How many messages went; undefined when the wallet has no such conversation. */
  async remove({ walletId, conversationId }: Place): Promise<number | undefined> {
    const { rows } = await this.database.pool.query<{ messages: number }>(
      'DELETE FROM librarian.conversations WHERE wallet_id = $1 AND id = $2 RETURNING messages',
      [walletId, conversationId],
    );
    return rows[0]?.messages;
  }
}
