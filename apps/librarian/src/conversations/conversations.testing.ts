// Conversations over a database as a replica of the Librarian has them, for tests.
import { randomUUID } from 'node:crypto';
import {
  type Call,
  librarian,
  type Message,
  type NewMessage,
  type Principal,
  ROLE_PERMISSIONS,
  type Role,
  type ToolInput,
} from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { AnswersRepository } from './answers.repository.js';
import { Conversations } from './conversations.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationExport } from './export.js';
import { MessagesRepository } from './messages.repository.js';

type Tools = (typeof librarian)['tools'];

/** Somebody new. */
export const someone = (role: Role = 'citizen'): Principal => ({
  walletId: `wal_${randomUUID()}`,
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'test',
});

export const callOf = (principal: Principal, signal = new AbortController().signal): Call =>
  ({ principal, signal, deadline: Date.now() + 600_000 }) as unknown as Call;

export const question = (text: string, parentId: string | null = null): NewMessage => ({
  messageId: randomUUID(),
  parentId,
  role: 'user',
  parts: [{ type: 'text', text }],
});

export function conversationsOver(database: Pick<Database, 'pool'>) {
  const heads = new ConversationsRepository(database);
  const messages = new MessagesRepository(database);
  const answers = new AnswersRepository(database);
  return {
    heads,
    messages,
    answers,
    conversations: new Conversations(heads, messages, answers),
    exports: new ConversationExport(heads, messages, answers),
  };
}

/** What a client does who begins at 0: every page, the last state of each message. */
export async function treeOf(
  conversations: Conversations,
  principal: Principal,
  conversationId: string,
): Promise<Map<string, Message>> {
  const tree = new Map<string, Message>();
  for (let since = 0, turn = 0; turn < 1_000; turn += 1) {
    const page = await conversations.get({ conversationId, since, waitSeconds: 0 }, callOf(principal));
    for (const message of page.messages) tree.set(message.messageId, message as Message);
    if (!page.more) return tree;
    since = page.version;
  }
  throw new Error('a conversation has no end');
}

export const listed = (
  given: Partial<ToolInput<Tools['list_conversations']>> = {},
): ToolInput<Tools['list_conversations']> => librarian.tools.list_conversations.input.parse(given);
