// Rows of messages. What is added to a conversation is one transaction, and a wallet's come one after the other; every change takes
// the conversation's row first and its next version, so whoever follows versions misses nothing.
import { AppError, CONVERSATION_LIMITS, type NewMessage } from '@labmesh/contracts';
import { DATABASE, type Database, poolTransaction } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import { NOBODY_WRITES } from './answers.repository.js';
import { HEAD, type HeadRow, USED, type Used } from './conversations.repository.js';
import { assertFits, contentHashOf, type MessageRow, type Place, plainOf, titleOf } from './message.js';

type Client = Parameters<Parameters<typeof poolTransaction>[1]>[0];

/** An answer that is to be written, under which message and by whom. */
export interface NewAnswer {
  readonly answerId: string;
  readonly parentId: string;
  readonly model: string;
  readonly writer: string;
  readonly leaseMs: number;
}

export interface Addition {
  readonly place: Place;
  readonly messages: readonly NewMessage[];
  /** Of a new conversation. */
  readonly title?: string | undefined;
  readonly answer?: NewAnswer;
}

export interface Added {
  readonly head: HeadRow;
  readonly added: number;
  /** False: the answer was there. */
  readonly begun: boolean;
}

export interface Page {
  readonly title: string;
  readonly version: string;
  readonly rows: readonly MessageRow[];
  readonly more: boolean;
  /** Answers of the conversation that nobody writes any more are to be settled, whatever changed since. */
  readonly leftBehind: boolean;
}

interface PageRow extends MessageRow {
  readonly title: string;
  readonly head: string;
  readonly total: number | null;
  readonly anyLeftBehind: boolean;
}

const ONE_AFTER_THE_OTHER = `SELECT pg_advisory_xact_lock(hashtextextended('librarian.conversations ' || $1, 0))`;
const NOW = `date_trunc('milliseconds', clock_timestamp())`;
const MESSAGE_COLUMNS = `id, parent_id AS "parentId", version, role, state, parts, model, failure_code AS "failureCode", failure,
  input_tokens AS "inputTokens", output_tokens AS "outputTokens", left_out AS "leftOut", cut_short AS "cutShort",
  created_at AS "createdAt", updated_at AS "updatedAt", coalesce(${NOBODY_WRITES}, false) AS "leftBehind"`;

const INSERT = `
  WITH head AS (
    UPDATE librarian.conversations SET version = version + 1, messages = messages + 1, characters = characters + $8, updated_at = ${NOW}
    WHERE wallet_id = $1 AND id = $2 RETURNING version, messages, updated_at)
  INSERT INTO librarian.conversation_messages (wallet_id, conversation_id, id, parent_id, sequence, version, role, state, parts, plain,
    characters, content_hash, model, writer, lease_until, created_at, updated_at)
  SELECT $1, $2, $3::uuid, $4::uuid, messages, version, $5, CASE WHEN $11::uuid IS NULL THEN 'complete' ELSE 'streaming' END, $6, $7, $8, $9, $10, $11::uuid,
    CASE WHEN $11::uuid IS NULL THEN NULL ELSE clock_timestamp() + make_interval(secs => $12::float8 / 1000) END, updated_at, updated_at
  FROM head`;

const OF_CONVERSATION = 'wallet_id = $1 AND conversation_id = $2';

// What of a conversation changed after a version: a page of it, and how much there is.
const PAGE = `
  SELECT c.title, c.version AS head, EXISTS (SELECT 1 FROM librarian.conversation_messages
      WHERE ${OF_CONVERSATION} AND ${NOBODY_WRITES}) AS "anyLeftBehind", m.* FROM librarian.conversations c LEFT JOIN LATERAL (
    SELECT * FROM (
      SELECT ${MESSAGE_COLUMNS}, characters, sum(characters) OVER (ORDER BY version) AS upto, count(*) OVER ()::int AS total
      FROM librarian.conversation_messages WHERE ${OF_CONVERSATION} AND version > $3) changed
    WHERE upto - characters < $4 ORDER BY version LIMIT 200) m ON true
  WHERE c.wallet_id = $1 AND c.id = $2 ORDER BY m.version`;

@Injectable()
export class MessagesRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** @throws AppError not_found for a parent that is not there, conflict for an id of another message, quota_exceeded */
  async add(addition: Addition): Promise<Added> {
    const { place, messages, answer } = addition;
    return poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER, [place.walletId]);
      await begin(client, addition);
      const there = await known(client, addition);
      const fresh: NewMessage[] = [];
      for (const message of messages) {
        const earlier = there.get(message.messageId);
        if (earlier === undefined) {
          const parent = message.parentId === null ? undefined : parentOf(there, message.messageId, message.parentId);
          if (parent !== undefined) assertFits(message, parent);
          await insert(client, place, message);
          there.set(message.messageId, { role: message.role, parts: JSON.stringify(message.parts), contentHash: '' });
          fresh.push(message);
        } else assertSame(message, earlier.contentHash);
      }
      const begun = answer !== undefined && !there.has(answer.answerId);
      if (begun) {
        assertAnswerable(answer, parentOf(there, answer.answerId, answer.parentId).role);
        await insert(
          client,
          place,
          { messageId: answer.answerId, parentId: answer.parentId, role: 'assistant', parts: [] },
          answer,
        );
      }
      const head = await headOf(client, place);
      if (fresh.length > 0 || begun) await assertWithin(client, place);
      return { head, added: fresh.length, begun };
    });
  }

  /** Undefined when the wallet has no such conversation. */
  async page({ walletId, conversationId }: Place, since: number): Promise<Page | undefined> {
    const { rows } = await this.database.pool.query<PageRow>(PAGE, [
      walletId,
      conversationId,
      since,
      CONVERSATION_LIMITS.pageCharacters,
    ]);
    const [first] = rows;
    if (first === undefined) return undefined;
    const messages = first.total === null ? [] : rows;
    const more = (first.total ?? 0) > messages.length;
    return {
      title: first.title,
      version: more ? (messages.at(-1)?.version ?? first.head) : first.head,
      rows: messages,
      more,
      leftBehind: first.anyLeftBehind,
    };
  }

  /** All of them as they were added, which is parents first. */
  async all({ walletId, conversationId }: Place): Promise<MessageRow[]> {
    const { rows } = await this.database.pool.query<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS} FROM librarian.conversation_messages WHERE ${OF_CONVERSATION} ORDER BY sequence`,
      [walletId, conversationId],
    );
    return rows;
  }

  async find({ walletId, conversationId }: Place, id: string): Promise<MessageRow | undefined> {
    const { rows } = await this.database.pool.query<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS} FROM librarian.conversation_messages WHERE ${OF_CONVERSATION} AND id = $3`,
      [walletId, conversationId, id],
    );
    return rows[0];
  }

  /** A message and all above it, the first question first. */
  async pathTo({ walletId, conversationId }: Place, id: string): Promise<MessageRow[]> {
    const { rows } = await this.database.pool.query<MessageRow>(
      `WITH RECURSIVE path AS (
         SELECT m.*, 0 AS above FROM librarian.conversation_messages m WHERE ${OF_CONVERSATION} AND id = $3
         UNION ALL
         SELECT m.*, path.above + 1 FROM librarian.conversation_messages m JOIN path
           ON m.wallet_id = path.wallet_id AND m.conversation_id = path.conversation_id AND m.id = path.parent_id)
       SELECT ${MESSAGE_COLUMNS} FROM path ORDER BY above DESC`,
      [walletId, conversationId, id],
    );
    return rows;
  }
}

interface KnownMessage {
  readonly role: MessageRow['role'];
  readonly parts: string;
  /** Null: the lab wrote it. */
  readonly contentHash: string | null;
}

async function begin(client: Client, { place, messages, title }: Addition): Promise<void> {
  const first = messages[0];
  if (first?.parentId !== null) return;
  const made = await client.query(
    `INSERT INTO librarian.conversations (wallet_id, id, title, version, messages, characters, created_at, updated_at)
     VALUES ($1, $2, $3, 0, 0, 0, ${NOW}, ${NOW}) ON CONFLICT DO NOTHING`,
    [place.walletId, place.conversationId, title ?? titleOf(first.parts)],
  );
  if (made.rowCount === 0) return;
  const { rows } = await client.query<Used>(USED, [place.walletId]);
  if ((rows[0]?.conversations ?? 0) > CONVERSATION_LIMITS.conversations)
    throw new AppError(
      'quota_exceeded',
      `Cannot begin a conversation: you have ${CONVERSATION_LIMITS.conversations}. Delete one with delete_conversation.`,
    );
}

/** Of the messages that are named those that are there. */
async function known(client: Client, { place, messages, answer }: Addition): Promise<Map<string, KnownMessage>> {
  const named = [
    ...messages.flatMap(({ messageId, parentId }) => [messageId, parentId]),
    ...(answer === undefined ? [] : [answer.answerId, answer.parentId]),
  ].filter((id) => id !== null);
  const { rows } = await client.query<KnownMessage & { id: string }>(
    `SELECT id, role, parts, content_hash AS "contentHash" FROM librarian.conversation_messages WHERE ${OF_CONVERSATION} AND id = ANY($3::uuid[])`,
    [place.walletId, place.conversationId, named],
  );
  return new Map(rows.map(({ id, ...message }) => [id, message]));
}

function parentOf(there: ReadonlyMap<string, KnownMessage>, messageId: string, parentId: string): KnownMessage {
  const parent = there.get(parentId);
  if (parent !== undefined) return parent;
  throw new AppError(
    'not_found',
    `Cannot keep message ${messageId}: its parent ${parentId} is not in this conversation. Send it too, before this one.`,
  );
}

/** What the lab wrote under an id that the client gave for it is kept, whatever the client thinks that it is. */
function assertSame(message: NewMessage, earlier: string | null): void {
  if (earlier === null || earlier === '' || earlier === contentHashOf(message)) return;
  throw new AppError(
    'conflict',
    `Cannot keep message ${message.messageId}: this conversation has another one of this id. Take a new id; what was sent is never changed.`,
  );
}

function assertAnswerable({ answerId, parentId }: NewAnswer, role: MessageRow['role']): void {
  if (role !== 'assistant') return;
  throw new AppError(
    'invalid_input',
    `Cannot write answer ${answerId}: ${parentId} is an answer itself. Name a question, or results of tools.`,
  );
}

async function insert(client: Client, place: Place, message: NewMessage, answer?: NewAnswer): Promise<void> {
  const parts = JSON.stringify(message.parts);
  await client.query(INSERT, [
    place.walletId,
    place.conversationId,
    message.messageId,
    message.parentId,
    message.role,
    parts,
    plainOf(message.parts),
    parts.length,
    answer === undefined ? contentHashOf(message) : null,
    answer?.model ?? null,
    answer?.writer ?? null,
    answer?.leaseMs ?? 0,
  ]);
}

async function headOf(client: Client, { walletId, conversationId }: Place): Promise<HeadRow> {
  const { rows } = await client.query<HeadRow>(
    `SELECT ${HEAD} FROM librarian.conversations WHERE wallet_id = $1 AND id = $2`,
    [walletId, conversationId],
  );
  if (rows[0] === undefined) throw noConversation(conversationId);
  return rows[0];
}

async function assertWithin(client: Client, { walletId, conversationId }: Place): Promise<void> {
  const { rows } = await client.query<{ messages: number; characters: number; all: number }>(
    `SELECT messages, characters::float8 AS characters,
       (SELECT sum(characters) FROM librarian.conversations WHERE wallet_id = $1)::float8 AS all
     FROM librarian.conversations WHERE wallet_id = $1 AND id = $2`,
    [walletId, conversationId],
  );
  const { messages = 0, characters = 0, all = 0 } = rows[0] ?? {};
  const { messages: messagesMax, conversationCharacters, characters: charactersMax } = CONVERSATION_LIMITS;
  if (messages > messagesMax || characters > conversationCharacters)
    throw new AppError(
      'quota_exceeded',
      `Cannot keep more in this conversation: it may have ${messagesMax} messages of ${conversationCharacters} characters together. Begin another one.`,
    );
  if (all > charactersMax)
    throw new AppError(
      'quota_exceeded',
      `Cannot keep more: your conversations may have ${charactersMax} characters together. Delete one with delete_conversation.`,
    );
}

export const noConversation = (conversationId: string): AppError =>
  new AppError(
    'not_found',
    `Cannot find conversation ${conversationId}: you have none of this id. list_conversations has yours.`,
  );
