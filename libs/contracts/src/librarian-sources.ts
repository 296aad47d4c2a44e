// Collections of documents that people bring to the Librarian: what they take, who reads them. Part of the contract in librarian.ts.
import { z } from 'zod';
import { ProjectId } from './architect-projects.js';
import { UploadId } from './blob.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
export const CollectionId = z
  .string()
  .regex(new RegExp(`^col_${UUID}$`), 'a collection id looks like col_ and a UUID')
  .describe('As list_collections gives it');
const SourceId = z.string().regex(new RegExp(`^src_${UUID}$`), 'a source id looks like src_ and a UUID');
const CollectionName = holds(
  'identifier',
  z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{0,59}$/,
      'a collection’s name is small letters, digits and dashes, such as pump-manuals',
    ),
);

/** How a file is read. */
export const DOCUMENT_KINDS = ['markdown', 'text', 'html', 'pdf', 'notebook', 'code', 'openapi', 'log'] as const;
export const COLLECTION_READERS = ['owner', 'lab'] as const;
const Readers = z.enum(COLLECTION_READERS);

export const SOURCE_LIMITS = {
  /** Of one ingestion. */
  files: 2_000,
  fileBytes: 16 * 1024 * 1024,
  bytes: 128 * 1024 * 1024,
  /** Of text in the call itself. */
  inlineCharacters: 256 * 1024,
  pathCharacters: 150,
  collections: 50,
} as const;

const Source = z.object({
  sourceId: SourceId,
  from: z.enum(['text', 'upload', 'folder', 'git']),
  place: z.string().describe('Name, folder, or address of the repository'),
  documents: z.int(),
  checkedAt: Timestamp.describe('When it was last looked at'),
  commit: z.string().nullable(),
  ref: z.string().nullable().describe('Branch, tag or commit of a repository; the first two are watched'),
  problem: z.string().nullable().describe('Why the last look at it took nothing, and what to do'),
});

const Path = holds('path', z.string().min(1).max(SOURCE_LIMITS.pathCharacters));
const count = (what: string) => z.int().nonnegative().describe(what);

export const sourceTools = {
  ingest_source: defineTool({
    title: 'Add documents to the knowledge base',
    description:
      'Takes text, a finished upload, a folder or a git repository into a collection of yours, which is made when there is none. Only its readers find it. Again: only what changed is touched, what is gone is removed.',
    keywords: [
      'import documents',
      'index my files',
      'add a PDF or manual',
      'teach the knowledge base',
      'refresh sources',
    ],
    effect: 'write',
    idempotent: true,
    permission: 'knowledge:write',
    about: ['project'],
    brief: ['git', 'project'],
    input: z
      .object({
        collection: CollectionName,
        text: z
          .object({
            name: Path.describe('As a path, such as pumps/start.md'),
            content: holds('data', z.string().max(SOURCE_LIMITS.inlineCharacters)),
          })
          .optional(),
        uploadId: UploadId.optional(),
        folder: holds('path', z.string().min(1).max(500))
          .optional()
          .describe('Absolute, of those the operator allows; watched from then on'),
        git: z
          .object({
            url: holds('identifier', z.url({ protocol: /^https?$/ }).max(500)),
            ref: holds('identifier', z.string().regex(/^[A-Za-z0-9][\w./-]{0,199}$/)).describe('Commit, branch or tag'),
            folder: holds('path', z.string().max(200)).optional(),
          })
          .optional()
          .describe(
            'A repository of the hosts that the operator allows, at {url, ref, folder}; a branch or tag is watched',
          ),
        kind: z.enum(DOCUMENT_KINDS).optional().describe('Left out: by name and content'),
        readers: Readers.optional().describe('"lab" and "folder" and "git" are for operators'),
        project: ProjectId.optional().describe('A project of yours that the collection belongs to from now on'),
      })
      .refine(
        ({ text, uploadId, folder, git }) =>
          [text, uploadId, folder, git].filter((each) => each !== undefined).length === 1,
        'exactly one of text, uploadId, folder and git',
      ),
    progress: z.object({ progress: z.number(), total: z.number().optional(), message: z.string() }),
    output: z.object({
      collectionId: CollectionId,
      sourceId: SourceId,
      added: count('Documents that are new'),
      changed: count('Documents whose text is another now'),
      unchanged: count('Documents that are as they were'),
      removed: count('Documents that the source no longer has'),
      skipped: z.array(z.object({ path: z.string(), reason: z.string() })).describe('Files left out, the first 50'),
      skippedCount: count('All files left out'),
      commit: z.string().nullable(),
    }),
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_format', 'conflict'],
    timeoutMs: 15 * 60_000,
  }),
  list_collections: defineTool({
    title: 'List collections of the knowledge base',
    description:
      'The collections you may read: the lab’s, those shared with it, and your own with their sources and how much of your quota they take.',
    keywords: ['which documents are indexed', 'my knowledge sources', 'knowledge quota'],
    effect: 'read',
    about: ['project'],
    permission: 'knowledge:read',
    input: z.object({
      project: ProjectId.optional().describe('Only those that belong to this project of yours'),
    }),
    output: z.object({
      collections: z.array(
        z.object({
          collectionId: z.string().describe('For `collections` of query_knowledge_base'),
          name: z.string(),
          owner: z.string().describe('A wallet, or "lab"'),
          readers: Readers,
          project: ProjectId.nullable().describe('That one of your own belongs to'),
          documents: z.int(),
          characters: z.int().describe('Of their texts'),
          updatedAt: Timestamp.nullable(),
          sources: z.array(Source).describe('Of your own'),
        }),
      ),
      quota: z
        .object({ documents: z.int(), documentsMax: z.int(), characters: z.int(), charactersMax: z.int() })
        .describe('Of your wallet'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  remove_source: defineTool({
    title: 'Remove documents from the knowledge base',
    description:
      'Removes a collection of yours, or only what one of its sources brought. No answer cites it afterwards.',
    keywords: ['delete a collection', 'forget documents', 'unindex'],
    effect: 'destroy',
    permission: 'knowledge:write',
    about: ['collectionId', 'sourceId'],
    input: z.object({
      collectionId: CollectionId,
      sourceId: SourceId.optional().describe('Left out: the whole collection'),
    }),
    output: z.object({ removed: count('Documents that were removed') }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 30_000,
  }),
};
