// A conversation as a file: every branch of it, parents before what stands under them.
import {
  AppError,
  CONVERSATION_LIMITS,
  type librarian,
  type Message,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { AnswersRepository } from './answers.repository.js';
import { describe } from './conversations.js';
import { ConversationsRepository } from './conversations.repository.js';
import { messageOf } from './message.js';
import { MessagesRepository, noConversation } from './messages.repository.js';

type Tool = (typeof librarian.tools)['export_conversation'];
type Head = ReturnType<typeof describe>;

@Injectable()
export class ConversationExport {
  constructor(
    @Inject(ConversationsRepository) private readonly heads: Pick<ConversationsRepository, 'head'>,
    @Inject(MessagesRepository) private readonly messages: Pick<MessagesRepository, 'all'>,
    @Inject(AnswersRepository) private readonly answers: Pick<AnswersRepository, 'settle'>,
  ) {}

  /** @throws AppError not_found; conflict when it has changed since the page before */
  async export(
    { conversationId, format, cursor }: ToolInput<Tool>,
    { walletId }: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<Tool>> {
    const place = { walletId, conversationId };
    await this.answers.settle(place);
    const row = await this.heads.head(place);
    if (row === undefined) throw noConversation(conversationId);
    const head = describe(row);
    const [version, from] = cursor?.split(':').map(Number) ?? [head.version, 0];
    if (version !== head.version)
      throw new AppError(
        'conflict',
        'Cannot go on with this export: the conversation has changed. Begin again, without a cursor.',
      );
    const messages = (await this.messages.all(place)).map(messageOf);
    const whole = format === 'json' ? asJson(head, messages) : asMarkdown(head, messages);
    const text = pieceOf(whole, from ?? 0);
    const end = (from ?? 0) + text.length;
    return {
      name: `conversation-${conversationId}.${format === 'json' ? 'json' : 'md'}`,
      mediaType: format === 'json' ? 'application/json' : 'text/markdown',
      text,
      characters: whole.length,
      ...(end < whole.length ? { nextCursor: `${head.version}:${end}` } : {}),
    };
  }
}

/** Never cuts a character in two. */
function pieceOf(whole: string, from: number): string {
  const piece = whole.slice(from, from + CONVERSATION_LIMITS.pageCharacters);
  return from + piece.length < whole.length && /[\ud800-\udbff]$/.test(piece) ? piece.slice(0, -1) : piece;
}

export const asJson = (head: Head, messages: readonly Message[]): string =>
  `${JSON.stringify({ ...head, messages }, null, 2)}\n`;

const WHO = { user: 'Question', assistant: 'Answer', tool: 'Results of tools' } as const;

function asMarkdown({ title, createdAt, updatedAt }: Head, messages: readonly Message[]): string {
  const numbers = new Map(messages.map(({ messageId }, at) => [messageId, at + 1]));
  const blocks = inTreeOrder(messages).map((message, at, all) => {
    const before = all[at - 1]?.messageId ?? null;
    const model = message.model === null ? '' : `, by ${message.model}`;
    const state = message.state === 'complete' ? '' : `, ${message.state}`;
    const heading = `## ${numbers.get(message.messageId)}. ${WHO[message.role]}${model}${state}`;
    const follows = message.parentId === before ? [] : [placeOf(message, numbers)];
    return [heading, ...follows, message.createdAt, ...message.parts.flatMap(partText), ...failureText(message)].join(
      '\n\n',
    );
  });
  return `${[`# ${title.replace(/\s+/g, ' ')}`, `Begun ${createdAt}, last changed ${updatedAt}.`, ...blocks].join('\n\n')}\n`;
}

const placeOf = ({ parentId }: Message, numbers: ReadonlyMap<string, number>): string =>
  parentId === null ? '*Begins anew.*' : `*Follows ${numbers.get(parentId)}.*`;

const failureText = ({ failure }: Message): string[] =>
  failure === null ? [] : [`*${failure.code}: ${failure.message}*`];

function inTreeOrder(messages: readonly Message[]): Message[] {
  const under = new Map<string | null, Message[]>();
  for (const message of messages) under.set(message.parentId, [...(under.get(message.parentId) ?? []), message]);
  const ordered: Message[] = [];
  const open = [...(under.get(null) ?? [])].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    ordered.push(next);
    open.push(...[...(under.get(next.messageId) ?? [])].reverse());
  }
  return ordered;
}

function partText(part: Message['parts'][number]): string[] {
  switch (part.type) {
    case 'text':
      return [part.text];
    case 'tool_call':
      return [`Asks for \`${part.tool}\`:`, fenced(JSON.stringify(part.arguments, null, 2), 'json')];
    case 'tool_result':
      return [`\`${part.tool}\`, ${part.outcome}:`, fenced(part.text)];
    case 'citations':
      return part.citations.map(({ number, title, heading, link, text }) =>
        [`[${number}] ${title}, ${heading} (<${link}>)`, quoted(text)].join('\n\n'),
      );
  }
}

/** A fence that is longer than any within. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
