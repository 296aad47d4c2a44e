// A language model behind a conversation. It is asked by the Librarian; the tools that it wants are run by the client, with the
// person's own rights. Part of the contract in librarian.ts.
import { z } from 'zod';
import { ConversationId, Message, MessageId, NewMessages } from './librarian-conversations.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

export const MODEL_KINDS = ['openai', 'anthropic'] as const;
export const MODELS_MAX = 50;
/** Most tools that a model is offered. */
export const OFFERED_TOOLS_MAX = 64;

export const ModelName = holds(
  'identifier',
  z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,59}$/,
      'a model’s name is small letters, digits, dots and dashes, such as minilm-l6',
    ),
);
const GatewayName = holds('identifier', z.string().regex(/^[a-z0-9_]{1,64}$/, 'a tool’s name at the gateway'));

const Limits = {
  contextTokens: z.int().min(1_000).max(4_000_000).describe('What question and answer may take together'),
  answerTokens: z.int().min(16).max(1_000_000).describe('What an answer may take'),
  timeoutSeconds: z.int().min(1).max(570).describe('For one answer'),
};

export const modelTools = {
  set_model: defineTool({
    title: 'Connect a language model',
    description:
      'Names a model that the lab’s assistant may use: any endpoint of OpenAI’s chat completions (a local Ollama or vLLM too), or Anthropic’s messages. Its key is kept sealed and shown nowhere again. The first one is the default.',
    keywords: ['connect an LLM', 'ollama', 'openai api key', 'anthropic claude key', 'add a chat model', 'vllm'],
    effect: 'write',
    idempotent: true,
    permission: 'model:operate',
    input: z.object({
      name: ModelName.describe('In the lab'),
      kind: z.enum(MODEL_KINDS),
      model: holds('identifier', z.string().min(1).max(200)).describe('As its provider calls it'),
      baseUrl: holds('identifier', z.url({ protocol: /^https?$/ }).max(500))
        .optional()
        .describe('Such as http://127.0.0.1:11434/v1; left out: the provider’s own'),
      key: holds('data', z.string().min(1).max(4_096))
        .nullable()
        .optional()
        .describe('Left out: the one that is set stays. null: none'),
      contextTokens: Limits.contextTokens.default(32_000),
      answerTokens: Limits.answerTokens.default(4_000),
      timeoutSeconds: Limits.timeoutSeconds.default(300),
      tools: z.boolean().default(true).describe('It can call tools'),
      isDefault: z.boolean().optional(),
    }),
    output: z.object({ name: ModelName, isDefault: z.boolean(), key: z.enum(['set', 'none']) }),
    errors: ['conflict', 'quota_exceeded'],
    timeoutMs: 10_000,
  }),
  list_models: defineTool({
    title: 'List language models',
    description: 'Models that the lab’s assistant may use. Where they are and how they are set is for operators.',
    keywords: ['which LLM can I chat with', 'available chat models', 'is there an assistant'],
    effect: 'read',
    permission: 'model:use',
    input: z.object({}),
    output: z.object({
      models: z.array(
        z.object({
          name: ModelName,
          isDefault: z.boolean(),
          tools: z.boolean(),
          settings: z
            .object({
              kind: z.enum(MODEL_KINDS),
              model: z.string(),
              baseUrl: z.string(),
              key: z.enum(['set', 'none']),
              ...Limits,
              setBy: z.string(),
              setAt: Timestamp,
            })
            .optional()
            .describe('For operators'),
        }),
      ),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  remove_model: defineTool({
    title: 'Disconnect a language model',
    description: 'Removes a model and its key. Conversations stay.',
    keywords: ['remove an LLM', 'delete a chat model'],
    effect: 'destroy',
    permission: 'model:operate',
    input: z.object({ name: ModelName }),
    output: z.object({ name: ModelName }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  test_model: defineTool({
    title: 'Test a language model',
    description: 'Asks a model for one word and says what came and how long it took. Stores nothing.',
    keywords: ['does the LLM answer', 'is ollama working', 'check the chat model'],
    effect: 'read',
    permission: 'model:operate',
    input: z.object({ name: ModelName }),
    output: z.object({
      name: ModelName,
      text: z.string(),
      tookMs: z.int().nonnegative(),
      usage: Message.shape.usage,
    }),
    errors: ['not_found', 'upstream_failed'],
    timeoutMs: 120_000,
  }),
};

/** What of an answer has come. */
export const AnswerPiece = z.object({
  messageId: MessageId,
  doing: z.enum(['waiting', 'thinking', 'writing', 'calling']),
  at: z.int().nonnegative().describe('Characters of the answer’s text before this'),
  text: z.string(),
});
export type AnswerPiece = z.output<typeof AnswerPiece>;

export const assistantTools = {
  converse: defineTool({
    title: 'Let a model answer in a conversation',
    description:
      'Keeps the messages, asks a language model, and tells its answer as it comes. Tools that it wants are not run: run them yourself, where the person agrees, and come again with the results. The same answerId again follows or repeats the first.',
    keywords: ['chat with the assistant', 'ask an LLM', 'let the model answer', 'regenerate an answer'],
    effect: 'write',
    idempotent: true,
    permission: 'model:use',
    about: ['conversationId', 'answerId'],
    brief: ['messages', 'tools', 'model'],
    input: z.object({
      conversationId: ConversationId,
      messages: NewMessages.default([]),
      answerTo: MessageId.optional().describe('Message to answer; left out: the last of these'),
      answerId: MessageId.describe('For the answer: a UUID of your own'),
      model: ModelName.optional(),
      tools: z
        .array(GatewayName)
        .max(OFFERED_TOOLS_MAX)
        .optional()
        .describe('That the model may ask for; left out: those that fit the question'),
    }),
    progress: AnswerPiece,
    output: z.object({
      conversationId: ConversationId,
      title: z.string(),
      message: Message,
      offered: z.array(z.string()).describe('Tools that the model could ask for'),
    }),
    errors: ['conflict', 'not_found', 'too_large', 'quota_exceeded', 'upstream_failed'],
    timeoutMs: 600_000,
    limit: { perSecond: 2, burst: 10, concurrent: 8 },
  }),
  stop_answer: defineTool({
    title: 'Stop an answer',
    description: 'Stops an answer that is being written, wherever it is asked for; what had come of it stays.',
    keywords: ['stop generating', 'abort the assistant'],
    effect: 'write',
    idempotent: true,
    permission: 'model:use',
    about: ['conversationId', 'answerId'],
    input: z.object({ conversationId: ConversationId, answerId: MessageId }),
    output: z.object({ message: Message }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
};
