// Rows of answers while they are written: what has come of them, who writes them and until when that is believed. Only the writer
// changes one, and only while its lease holds; what a process left behind is settled by whoever reads next, at any replica.
import type { Message, MessagePart } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { type Place, plainOf } from './message.js';

export interface Writing {
  readonly place: Place;
  readonly answerId: string;
  readonly writer: string;
  readonly leaseMs: number;
}

export interface Ending {
  readonly state: Exclude<Message['state'], 'streaming'>;
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly leftOut: number;
  readonly cutShort: boolean;
}

const NOW = `date_trunc('milliseconds', clock_timestamp())`;
const LEFT_BEHIND =
  'The process that wrote this answer ended before the answer did. What had come of it is here: ask again for the rest.';

const MINE = `wallet_id = $1 AND conversation_id = $2 AND id = $3 AND state = 'streaming' AND writer = $4`;
const LEASE = `clock_timestamp() + make_interval(secs => $5::float8 / 1000)`;
// The conversation's row first, as everywhere.
const HEAD = `
  WITH there AS (SELECT characters FROM librarian.conversation_messages WHERE ${MINE}),
  head AS (UPDATE librarian.conversations SET version = version + 1, updated_at = ${NOW},
      characters = conversations.characters + $6 - (SELECT characters FROM there)
    WHERE wallet_id = $1 AND id = $2 AND EXISTS (SELECT 1 FROM there) RETURNING version, updated_at)`;
const KEEP = `${HEAD}
  UPDATE librarian.conversation_messages SET parts = $7, plain = $8, characters = $6, version = head.version,
    updated_at = head.updated_at, lease_until = ${LEASE}
  FROM head WHERE ${MINE} RETURNING stop_asked AS "stopAsked"`;
const RENEW = `UPDATE librarian.conversation_messages SET lease_until = ${LEASE} WHERE ${MINE} RETURNING stop_asked AS "stopAsked"`;
const END = `${HEAD}
  UPDATE librarian.conversation_messages SET parts = $7, plain = $8, characters = $6, version = head.version,
    updated_at = head.updated_at, lease_until = NULL, writer = NULL, state = $9, failure_code = $10, failure = $11,
    input_tokens = $12, output_tokens = $13, left_out = $14, cut_short = $15
  FROM head WHERE wallet_id = $1 AND conversation_id = $2 AND conversation_messages.id = $3 AND state = 'streaming' AND writer = $4
    AND $5::float8 IS NOT NULL RETURNING 1`;

/** Of a row: it is to be settled. */
export const NOBODY_WRITES = `state = 'streaming' AND lease_until < clock_timestamp()`;
const LOST = `wallet_id = $1 AND conversation_id = $2 AND ${NOBODY_WRITES}`;
const SETTLE = `
  WITH lost AS (SELECT id, row_number() OVER (ORDER BY sequence) AS nth, count(*) OVER () AS total
      FROM librarian.conversation_messages WHERE ${LOST}),
  head AS (UPDATE librarian.conversations SET version = version + (SELECT count(*) FROM lost), updated_at = ${NOW}
    WHERE wallet_id = $1 AND id = $2 AND EXISTS (SELECT 1 FROM lost) RETURNING version, updated_at)
  UPDATE librarian.conversation_messages m SET state = 'failed', failure_code = 'unavailable', failure = $3, lease_until = NULL,
    writer = NULL, version = head.version - lost.total + lost.nth, updated_at = head.updated_at
  FROM head, lost WHERE m.wallet_id = $1 AND m.conversation_id = $2 AND m.id = lost.id AND m.state = 'streaming'
    AND m.lease_until < clock_timestamp()`;

@Injectable()
export class AnswersRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Keeps what has come. Undefined: it is not this writer's any more, or gone; else whether somebody asked for its end. */
  async keep(writing: Writing, parts: readonly MessagePart[]): Promise<{ stopAsked: boolean } | undefined> {
    return (await this.database.pool.query<{ stopAsked: boolean }>(KEEP, [...named(writing), ...kept(parts)])).rows[0];
  }

  async renew(writing: Writing): Promise<{ stopAsked: boolean } | undefined> {
    return (await this.database.pool.query<{ stopAsked: boolean }>(RENEW, named(writing))).rows[0];
  }

  /** False: it was not this writer's any more, and is as it was. */
  async end(writing: Writing, parts: readonly MessagePart[], ending: Ending): Promise<boolean> {
    const { state, failure, inputTokens, outputTokens, leftOut, cutShort } = ending;
    const { rowCount } = await this.database.pool.query(END, [
      ...named(writing),
      ...kept(parts),
      ...[state, failure?.code ?? null, failure?.message ?? null, inputTokens, outputTokens, leftOut, cutShort],
    ]);
    return rowCount === 1;
  }

  /** Whoever writes it sees this at its next look. */
  async askToStop({ walletId, conversationId }: Place, answerId: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE librarian.conversation_messages SET stop_asked = true
       WHERE wallet_id = $1 AND conversation_id = $2 AND id = $3 AND state = 'streaming'`,
      [walletId, conversationId, answerId],
    );
  }

  /** Ends what nobody writes any more. */
  async settle({ walletId, conversationId }: Place): Promise<void> {
    await this.database.pool.query(SETTLE, [walletId, conversationId, LEFT_BEHIND]);
  }
}

const named = ({ place, answerId, writer, leaseMs }: Writing): unknown[] => [
  place.walletId,
  place.conversationId,
  answerId,
  writer,
  leaseMs,
];

function kept(parts: readonly MessagePart[]): unknown[] {
  const text = JSON.stringify(parts);
  return [text.length, text, plainOf(parts)];
}
