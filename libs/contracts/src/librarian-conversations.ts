// Conversations that the Librarian keeps for a wallet: a tree of messages, nobody else's. Ids are the client's own, so that what is
// sent twice is there once. Part of the contract in librarian.ts.
import { z } from 'zod';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, words } from './values.js';

export const CONVERSATION_LIMITS = {
  /** Of a wallet. */
  conversations: 1_000,
  characters: 64 * 1024 * 1024,
  /** Of one conversation. */
  messages: 2_000,
  conversationCharacters: 8 * 1024 * 1024,
  /** Of one message, its parts as JSON. */
  messageCharacters: 128 * 1024,
  parts: 64,
  /** Of one call. */
  messagesAtOnce: 16,
  /** Of one page: of a conversation, or of its export. */
  pageCharacters: 128 * 1024,
  titleCharacters: 200,
} as const;

const Id = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'an id is a UUID in small letters, which you make');
export const ConversationId = Id.describe('A UUID of your own');
export const MessageId = Id;

export const MESSAGE_ROLES = ['user', 'assistant', 'tool'] as const;
export const MESSAGE_STATES = ['streaming', 'complete', 'stopped', 'failed'] as const;

const text = (of: z.ZodString = z.string()) => holds('data', of.max(CONVERSATION_LIMITS.messageCharacters));
export const CallId = holds('identifier', z.string().min(1).max(200));
/** What a model asked for, which may be none of the lab's. */
const ToolName = holds('identifier', z.string().min(1).max(200));

const TextPart = z.object({ type: z.literal('text'), text: text(z.string().min(1)) });

/** A passage of the knowledge base, as its answer has it. */
const place = {
  file: holds('path', z.string().max(300)),
  collection: holds('identifier', z.string().max(100)),
  collectionName: holds('identifier', z.string().max(100)).optional(),
  title: z.string().max(500),
  heading: z.string().max(1_000),
  path: z.array(z.string().max(1_000)).max(20).optional(),
  version: holds('identifier', z.string().max(64)),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  line: z.int().nonnegative(),
  link: holds('identifier', z.string().max(1_000)),
  text: text(),
  score: z.number().optional(),
};
const CitationsPart = z.object({
  type: z.literal('citations'),
  answered: z.boolean(),
  confidence: z.number().min(0).max(1),
  citations: z.array(z.object({ number: z.int().min(1).max(1_000).describe('As [1] in the text'), ...place })).max(40),
  nearest: z.array(z.object(place)).max(40).default([]),
  readAs: z.string().max(2_000).optional(),
});

const ToolCallPart = z.object({
  type: z.literal('tool_call'),
  callId: CallId,
  tool: ToolName.describe('Name at the gateway; what the model made up may be none'),
  arguments: holds('data', z.record(z.string(), z.unknown())),
});
const ToolResultPart = z.object({
  type: z.literal('tool_result'),
  callId: CallId.describe('Of the call that it answers'),
  tool: ToolName,
  outcome: z.enum(['ok', 'failed', 'declined']).describe('declined: the person did not want it run'),
  text: text().describe('What the model reads of it'),
});

/** What a client may bring. Calls of tools are the model's. */
export const NewPart = z.discriminatedUnion('type', [TextPart, CitationsPart, ToolResultPart]);
export const MessagePart = z.discriminatedUnion('type', [TextPart, CitationsPart, ToolCallPart, ToolResultPart]);
export type MessagePart = z.output<typeof MessagePart>;
export type ToolCallPart = z.output<typeof ToolCallPart>;
export type ToolResultPart = z.output<typeof ToolResultPart>;

export const NewMessage = z.object({
  messageId: MessageId,
  parentId: MessageId.nullable().describe('null: a first question'),
  role: z.enum(MESSAGE_ROLES),
  parts: z.array(NewPart).min(1).max(CONVERSATION_LIMITS.parts),
});
export type NewMessage = z.output<typeof NewMessage>;

const NEW_MESSAGES =
  'Stored in this order; {messageId, parentId, role, parts}. user: {type: "text", text}. tool: {type: "tool_result", callId, tool, outcome, text}, one for each call of its parent. assistant: text and {type: "citations"}';
export const NewMessages = z.array(NewMessage).max(CONVERSATION_LIMITS.messagesAtOnce).describe(NEW_MESSAGES);

export const Message = z.object({
  messageId: MessageId,
  parentId: MessageId.nullable(),
  role: z.enum(MESSAGE_ROLES),
  parts: z.array(MessagePart),
  state: z.enum(MESSAGE_STATES),
  failure: z.object({ code: z.string(), message: z.string() }).nullable().describe('Of a failed one'),
  model: z.string().nullable().describe('The lab’s name of the model that wrote it'),
  usage: z.object({ inputTokens: z.int().nullable(), outputTokens: z.int().nullable() }).nullable(),
  leftOut: z.int().nonnegative().describe('Oldest messages that the model was not shown, as they did not fit'),
  cutShort: z.boolean().describe('The model stopped at its limit of tokens'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  version: z.int().positive().describe('Of the conversation, when this changed last'),
});
export type Message = z.output<typeof Message>;

const Heading = {
  conversationId: ConversationId,
  title: z.string(),
  messages: z.int().nonnegative(),
  version: z.int().nonnegative().describe('Counts up with every change of it'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
};
const Title = words(CONVERSATION_LIMITS.titleCharacters).trim();

export const conversationTools = {
  add_messages: defineTool({
    title: 'Keep messages of a conversation',
    description:
      'Adds messages to a conversation of yours, which its first message makes. Each by an id of your own: what is there already is not added again. No model is asked.',
    keywords: ['save a chat', 'store a question and its answer', 'keep a conversation', 'start a conversation'],
    effect: 'write',
    idempotent: true,
    permission: 'conversation:write',
    about: ['conversationId'],
    brief: ['messages'],
    input: z.object({
      conversationId: ConversationId,
      messages: NewMessages.min(1),
      title: Title.optional().describe('Of a new one; left out: its first words'),
    }),
    output: z.object({ ...Heading, added: z.int().nonnegative().describe('Of these; the others were there') }),
    errors: ['conflict', 'not_found', 'too_large', 'quota_exceeded'],
    timeoutMs: 10_000,
  }),
  list_conversations: defineTool({
    title: 'List your conversations',
    description: 'Your conversations, the one that changed last first; by words in their titles and messages.',
    keywords: ['my chats', 'chat history', 'what did I ask before', 'search my conversations', 'earlier questions'],
    effect: 'read',
    permission: 'conversation:read',
    input: z.object({
      words: z.string().min(1).max(200).optional().describe('All of them stand in it'),
      limit: z.int().min(1).max(100).default(30),
      cursor: z.string().max(200).optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      conversations: z.array(
        z.object({ ...Heading, excerpt: z.string().nullable().describe('Where a message has the first of the words') }),
      ),
      nextCursor: z.string().optional(),
      quota: z.object({
        conversations: z.int(),
        conversationsMax: z.int(),
        characters: z.int(),
        charactersMax: z.int(),
      }),
    }),
    errors: [],
    timeoutMs: 10_000,
  }),
  get_conversation: defineTool({
    title: 'Read a conversation',
    description:
      'Messages of a conversation that changed after a version, in that order: from 0 its whole tree, page by page until more is false. Again with the last version it tells what is new, such as an answer that is being written; waitSeconds waits for it.',
    keywords: ['open a chat', 'show a conversation', 'follow an answer', 'read my messages'],
    effect: 'read',
    permission: 'conversation:read',
    about: ['conversationId'],
    input: z.object({
      conversationId: ConversationId,
      since: z.int().nonnegative().default(0).describe('`version` of the last page; 0: from the beginning'),
      waitSeconds: z.number().min(0).max(20).default(0).describe('For a change, when there is none yet'),
    }),
    output: z.object({
      conversationId: ConversationId,
      title: z.string(),
      messages: z.array(Message).describe('A message that is known already takes the place of the earlier one'),
      version: z.int().nonnegative().describe('Where to go on'),
      more: z.boolean().describe('Another page is there now'),
    }),
    errors: ['not_found'],
    timeoutMs: 30_000,
  }),
  rename_conversation: defineTool({
    title: 'Rename a conversation',
    description: 'Gives a conversation of yours another title.',
    keywords: ['change the title of a chat'],
    effect: 'write',
    idempotent: true,
    permission: 'conversation:write',
    about: ['conversationId'],
    input: z.object({ conversationId: ConversationId, title: Title }),
    output: z.object(Heading),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  delete_conversation: defineTool({
    title: 'Delete a conversation',
    description: 'Removes a conversation of yours with all its messages, for good. An answer under way is stopped.',
    keywords: ['remove a chat', 'erase my conversation', 'forget what I asked'],
    effect: 'destroy',
    permission: 'conversation:write',
    about: ['conversationId'],
    input: z.object({ conversationId: ConversationId }),
    output: z.object({ messages: z.int().nonnegative().describe('That were removed') }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  export_conversation: defineTool({
    title: 'Export a conversation',
    description:
      'A conversation as Markdown or JSON, every branch of it. A long one comes in pages: put their texts together.',
    keywords: ['download a chat', 'save a conversation as a file', 'conversation as markdown'],
    effect: 'read',
    permission: 'conversation:read',
    about: ['conversationId'],
    input: z.object({
      conversationId: ConversationId,
      format: z.enum(['markdown', 'json']).default('markdown'),
      cursor: z
        .string()
        .regex(/^\d{1,15}:\d{1,10}$/)
        .optional()
        .describe('nextCursor of the page before'),
    }),
    output: z.object({
      name: z.string().describe('File name'),
      mediaType: z.string(),
      text: z.string(),
      characters: z.int().nonnegative().describe('Of all pages'),
      nextCursor: z.string().optional(),
    }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 20_000,
  }),
};
