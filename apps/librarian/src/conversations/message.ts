// What a message of a conversation is, as it is kept and as it is told; and what may stand under what.
import { createHash } from 'node:crypto';
import {
  AppError,
  CONVERSATION_LIMITS,
  type Message,
  MessagePart,
  type NewMessage,
  type ToolCallPart,
  type ToolResultPart,
} from '@labmesh/contracts';
import { z } from 'zod';

/** Whose conversation. Both are needed to name one: ids are made by clients, and another wallet's may be the same. */
export interface Place {
  readonly walletId: string;
  readonly conversationId: string;
}

export interface MessageRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly version: string;
  readonly role: Message['role'];
  readonly state: Message['state'];
  readonly parts: string;
  readonly model: string | null;
  readonly failureCode: string | null;
  readonly failure: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly leftOut: number;
  readonly cutShort: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** It is being written, and nobody has the lease any more: to be settled. */
  readonly leftBehind: boolean;
}

const Parts = z.array(MessagePart);

export const partsOf = ({ parts }: Pick<MessageRow, 'parts'>): MessagePart[] => Parts.parse(JSON.parse(parts));

export const messageOf = (row: MessageRow): Message => ({
  messageId: row.id,
  parentId: row.parentId,
  role: row.role,
  parts: partsOf(row),
  state: row.state,
  failure: row.failure === null ? null : { code: row.failureCode ?? 'internal', message: row.failure },
  model: row.model,
  usage:
    row.inputTokens === null && row.outputTokens === null
      ? null
      : { inputTokens: row.inputTokens, outputTokens: row.outputTokens },
  leftOut: row.leftOut,
  cutShort: row.cutShort,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  version: Number(row.version),
});

/** What a search looks at: what people and models wrote, and what tools answered. */
export const plainOf = (parts: readonly MessagePart[]): string =>
  parts.flatMap((part) => (part.type === 'text' || part.type === 'tool_result' ? [part.text] : [])).join('\n');

export const textOf = (parts: readonly MessagePart[]): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');

export const callsIn = (parts: readonly MessagePart[]): ToolCallPart[] =>
  parts.filter((part) => part.type === 'tool_call');

export const resultsIn = (parts: readonly MessagePart[]): ToolResultPart[] =>
  parts.filter((part) => part.type === 'tool_result');

/** The same message sent again has the same. */
export const contentHashOf = ({ parentId, role, parts }: NewMessage): string =>
  createHash('sha256')
    .update(JSON.stringify([parentId, role, parts]))
    .digest('hex');

/** The first words of a question. */
export function titleOf(parts: readonly MessagePart[]): string {
  const words = textOf(parts).replace(/\s+/g, ' ').trim();
  if (words === '') return 'Conversation';
  const cut = Array.from(words).slice(0, 80).join('');
  return cut === words ? words : `${cut.replace(/\s+\S*$/, '')}…`;
}

const MAY_HOLD = { user: ['text'], assistant: ['text', 'citations'], tool: ['tool_result'] } as const;

/** @throws AppError invalid_input, too_large for what no message of this role can be */
export function assertWellFormed({ messageId, parentId, role, parts }: NewMessage): void {
  const strange = parts.find(({ type }) => !(MAY_HOLD[role] as readonly string[]).includes(type));
  if (strange !== undefined)
    throw refused(messageId, `a message of role ${role} has parts of type ${MAY_HOLD[role].join(' and ')}`);
  if (parentId === null && role !== 'user')
    throw refused(messageId, 'a conversation begins with a message of role user');
  if (parentId === messageId) throw refused(messageId, 'it is its own parent');
  const characters = JSON.stringify(parts).length;
  if (characters > CONVERSATION_LIMITS.messageCharacters)
    throw new AppError(
      'too_large',
      `Cannot keep message ${messageId}: its parts have ${characters} characters, and may have ${CONVERSATION_LIMITS.messageCharacters}. Shorten it.`,
    );
}

/** @throws AppError invalid_input for a parent that such a message cannot have */
export function assertFits({ messageId, role, parts }: NewMessage, parent: Pick<MessageRow, 'role' | 'parts'>): void {
  if (role === 'assistant' && parent.role === 'assistant')
    throw refused(messageId, 'an answer stands under a question or results of tools');
  if (role !== 'tool') return;
  const wanted = parent.role === 'assistant' ? callsIn(partsOf(parent)).map(({ callId }) => callId) : [];
  const given = resultsIn(parts).map(({ callId }) => callId);
  if (wanted.length === 0) throw refused(messageId, 'its parent asks for no tool');
  if ([...wanted].sort().join('\n') !== [...given].sort().join('\n'))
    throw refused(
      messageId,
      `it must have one result for each call of its parent: ${wanted.join(', ')}. One that was not run has the outcome "declined"`,
    );
}

const refused = (messageId: string, why: string): AppError =>
  new AppError('invalid_input', `Cannot keep message ${messageId}: ${why}.`);
