// Sentence encoders that an operator brings to the Librarian, so that questions find what means the same. Part of the contract in
// librarian.ts.
import { z } from 'zod';
import { UploadId } from './blob.js';
import { ModelName } from './librarian-assistant.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, words } from './values.js';

const Model = z.object({
  name: z.string(),
  sha256: z.string().describe('Of the graph and its words: the same one gives the same vectors'),
  state: z.enum(['kept', 'coming', 'answering']).describe('coming: its vectors are being made while another answers'),
  dimensions: z.int(),
  tokensMax: z.int().describe('Longer passages are cut'),
  parameters: z.int(),
  bytes: z.int().describe('Of the graph as it is kept'),
  int8Cosine: z.number().describe('Least cosine of a sentence between eight bits and full precision'),
  licence: z.string().nullable(),
  addedAt: Timestamp,
  documents: z.int().describe('That have its vectors'),
});

export const encoderTools = {
  add_encoder: defineTool({
    title: 'Add a sentence encoder',
    description:
      'Makes a search model of an uploaded tar of a BERT sentence encoder (config.json, model.safetensors, vocab.txt), checks it and keeps it. It changes no answer until use_encoder names it.',
    keywords: ['install an embedding model', 'semantic search', 'vector search', 'add MiniLM'],
    effect: 'write',
    idempotent: true,
    permission: 'knowledge:operate',
    input: z.object({
      uploadId: UploadId,
      name: ModelName,
      licence: holds('identifier', words(100)).optional().describe('As its makers give it'),
    }),
    progress: z.object({ progress: z.number(), total: z.number().optional(), message: z.string() }),
    output: z.object({ model: Model, alreadyThere: z.boolean() }),
    errors: ['not_found', 'too_large', 'unsupported_format', 'conflict'],
    timeoutMs: 15 * 60_000,
  }),
  list_encoders: defineTool({
    title: 'List sentence encoders',
    description:
      'The encoders that the Librarian has, which one ranks answers, how far its vectors are, and how often this replica answered without it.',
    keywords: ['which embedding model', 'is semantic search on', 'vectors progress'],
    effect: 'read',
    permission: 'knowledge:operate',
    input: z.object({}),
    output: z.object({
      models: z.array(Model),
      documents: z.int().describe('That could have vectors'),
      questions: z.int().describe('That this replica answered with a model, since it started'),
      withoutModel: z.int().describe('Of those that a model was in use for, answered by words alone'),
      problem: z.string().nullable().describe('Why the last of these was, or why vectors are not made'),
    }),
    errors: [],
    timeoutMs: 10_000,
  }),
  use_encoder: defineTool({
    title: 'Rank answers with a sentence encoder',
    description:
      'Ranks by meaning beside words from now on. Vectors are made in the background; while they are, another model that was in use goes on answering. Without a name: by words alone.',
    keywords: ['turn on semantic search', 'switch the embedding model', 'turn off vector search'],
    effect: 'write',
    idempotent: true,
    permission: 'knowledge:operate',
    input: z.object({ name: ModelName.optional().describe('Left out: none') }),
    output: z.object({ models: z.array(Model) }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  remove_encoder: defineTool({
    title: 'Remove a sentence encoder',
    description: 'Removes an encoder that is not in use, with its vectors.',
    keywords: ['delete an embedding model'],
    effect: 'destroy',
    permission: 'knowledge:operate',
    input: z.object({ name: ModelName }),
    output: z.object({ removed: z.string() }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 30_000,
  }),
};
