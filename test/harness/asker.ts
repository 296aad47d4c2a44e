// A client that talks with the lab's assistant, as the page and the command do: it makes the ids, and runs no tool by itself.
import { randomUUID } from 'node:crypto';
import { type LabClient, said } from '@labmesh/testing';

export interface Part {
  readonly type: string;
  readonly text?: string;
  readonly [member: string]: unknown;
}

export interface Message {
  readonly messageId: string;
  readonly parentId: string | null;
  readonly role: string;
  readonly state: string;
  readonly parts: readonly Part[];
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly [member: string]: unknown;
}

export interface Piece {
  readonly doing: string;
  readonly at: number;
  readonly text: string;
}

interface Ended {
  readonly code?: string;
  readonly message?: Message | string;
  readonly offered?: readonly string[];
}

export interface Asking {
  readonly pieces: Piece[];
  /** What it ended with: an answer, or a failure with its code. */
  readonly ended: Promise<Ended>;
  leave(): void;
}

export const question = (text: string, parentId: string | null = null) => ({
  messageId: randomUUID(),
  parentId,
  role: 'user',
  parts: [{ type: 'text', text }],
});

export function ask({ client }: Pick<LabClient, 'client'>, given: Record<string, unknown>): Asking {
  const gone = new AbortController();
  const pieces: Piece[] = [];
  const ended = client
    .callTool(
      { name: 'librarian_converse', arguments: { conversationId: randomUUID(), answerId: randomUUID(), ...given } },
      {
        signal: gone.signal,
        onprogress: ({ message = '{}' }) => void pieces.push(JSON.parse(message) as Piece),
        timeout: 300_000,
      },
    )
    .then((result) => said(result) as Ended);
  ended.catch(() => undefined);
  return { pieces, ended, leave: () => gone.abort() };
}

export const textOf = (pieces: readonly Piece[]): string =>
  pieces.reduce((text, piece) => text.slice(0, piece.at) + piece.text, '');

/** Every message of a conversation as it is now, in the order of its last change. */
export async function treeOf(who: LabClient, conversationId: string): Promise<Message[]> {
  const tree = new Map<string, Message>();
  for (let since = 0, turn = 0; turn < 1_000; turn += 1) {
    const page = await who.call<{ messages: Message[]; version: number; more: boolean }>('librarian_get_conversation', {
      conversationId,
      since,
    });
    for (const message of page.messages) tree.set(message.messageId, message);
    if (!page.more) return [...tree.values()];
    since = page.version;
  }
  throw new Error('a conversation has no end');
}

/** What would be wrong with any tree: a parent that is not there, a second root kind, or a double. */
export const loose = (messages: readonly Message[]): string[] =>
  messages
    .filter(
      ({ messageId, parentId, role }) =>
        (parentId === null ? role !== 'user' : !messages.some((other) => other.messageId === parentId)) ||
        messages.filter((other) => other.messageId === messageId).length > 1,
    )
    .map(({ messageId }) => messageId);
