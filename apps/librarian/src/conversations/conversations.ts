// A wallet's conversations: kept, listed, followed, renamed, deleted. Nobody else's is ever seen: every name has the wallet in it.
import { setTimeout as sleep } from 'node:timers/promises';
import { packCursor, unpackCursor } from '@labmesh/agent';
import { type Call, CONVERSATION_LIMITS, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AnswersRepository } from './answers.repository.js';
import { ConversationsRepository, type HeadRow } from './conversations.repository.js';
import { assertWellFormed, messageOf } from './message.js';
import { MessagesRepository, noConversation, type Page } from './messages.repository.js';

type Tools = (typeof librarian)['tools'];
type Of<T extends keyof Tools> = ToolInput<Tools[T]>;
type Asker = Pick<Call, 'principal'>;

/** Between two looks of one that waits. */
const LOOK_MS = 250;
const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

@Injectable()
export class Conversations {
  constructor(
    @Inject(ConversationsRepository) private readonly heads: ConversationsRepository,
    @Inject(MessagesRepository) private readonly messages: MessagesRepository,
    @Inject(AnswersRepository) private readonly answers: Pick<AnswersRepository, 'settle'>,
  ) {}

  /** @throws AppError invalid_input, too_large, not_found, conflict, quota_exceeded */
  async add(
    { conversationId, messages, title }: Of<'add_messages'>,
    { principal }: Asker,
  ): Promise<ToolOutput<Tools['add_messages']>> {
    for (const message of messages) assertWellFormed(message);
    const place = { walletId: principal.walletId, conversationId };
    const { head, added } = await this.messages.add({ place, messages, title });
    return { ...describe(head), added };
  }

  /** @throws AppError invalid_input for a cursor that no page gave */
  async list(
    { words, limit, cursor }: Of<'list_conversations'>,
    { principal }: Asker,
  ): Promise<ToolOutput<Tools['list_conversations']>> {
    const { walletId } = principal;
    const found = await this.heads.list({
      walletId,
      words: (words ?? '').split(/\s+/).filter((word) => word !== ''),
      after: cursor === undefined ? undefined : placeIn(cursor),
      // One more than asked for tells whether there are more.
      limit: limit + 1,
    });
    const used = await this.heads.used(walletId);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      conversations: page.map((row) => ({ ...describe(row), excerpt: row.excerpt })),
      ...(last === undefined || found.length <= limit
        ? {}
        : { nextCursor: packCursor([last.updatedAt.toISOString(), last.id]) }),
      quota: {
        ...used,
        conversationsMax: CONVERSATION_LIMITS.conversations,
        charactersMax: CONVERSATION_LIMITS.characters,
      },
    };
  }

  /** @throws AppError not_found */
  async get(
    { conversationId, since, waitSeconds }: Of<'get_conversation'>,
    call: Pick<Call, 'principal' | 'signal'>,
  ): Promise<ToolOutput<Tools['get_conversation']>> {
    const place = { walletId: call.principal.walletId, conversationId };
    const until = Date.now() + waitSeconds * 1_000;
    const look = async (): Promise<Page> => {
      let page = await this.messages.page(place, since);
      if (page?.leftBehind === true) {
        await this.answers.settle(place);
        page = await this.messages.page(place, since);
      }
      if (page === undefined) throw noConversation(conversationId);
      return page;
    };
    let page = await look();
    while (Number(page.version) <= since && Date.now() < until && !call.signal.aborted) {
      await sleep(LOOK_MS);
      page = await look();
    }
    const { title, version, rows, more } = page;
    return { conversationId, title, messages: rows.map(messageOf), version: Number(version), more };
  }

  /** @throws AppError not_found */
  async rename(
    { conversationId, title }: Of<'rename_conversation'>,
    { principal }: Asker,
  ): Promise<ToolOutput<Tools['rename_conversation']>> {
    const head = await this.heads.rename({ walletId: principal.walletId, conversationId }, title);
    if (head === undefined) throw noConversation(conversationId);
    return describe(head);
  }

  /** @throws AppError not_found */
  async remove(
    { conversationId }: Of<'delete_conversation'>,
    { principal }: Asker,
  ): Promise<ToolOutput<Tools['delete_conversation']>> {
    const messages = await this.heads.remove({ walletId: principal.walletId, conversationId });
    if (messages === undefined) throw noConversation(conversationId);
    return { messages };
  }
}

export const describe = ({ id, title, version, messages, createdAt, updatedAt }: HeadRow) => ({
  conversationId: id,
  title,
  messages,
  version: Number(version),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

function placeIn(cursor: string): { updatedAt: string; id: string } {
  const [updatedAt, id] = unpackCursor(cursor, Cursor);
  return { updatedAt, id };
}
