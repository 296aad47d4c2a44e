// The Librarian's answers: what the knowledge base says to a question, each claim with the place it is quoted from, and whole documents.
import { z } from 'zod';
import { ProjectId } from './architect-projects.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, words } from './values.js';

/** Collections that every lab has, empty or not; what readers add has ids of its own. */
export const LAB_COLLECTIONS = ['docs', 'vials', 'solutions', 'datasets', 'code'] as const;

const QUESTION_CHARACTERS_MAX = 1_000;
const CONTEXT_MAX = 10;
const COLLECTIONS_MAX = 20;

/** An exact slice of one version of a document. */
const place = {
  file: z.string().describe('Give it to get_document to read the whole'),
  collection: z.string(),
  collectionName: z.string().describe('What people call it'),
  title: z.string().describe('Of the document'),
  heading: z.string().describe('path, joined with " > "; the file where there is none'),
  path: z.array(z.string()).describe('Headings above it, outermost first'),
  version: z.string().describe('Of the document: first 16 digits of its SHA-256'),
  start: z.number().int().describe('First character of the span in that version, counted from 0 in UTF-16 code units'),
  end: z.number().int().describe('One past the last character'),
  line: z.number().int().describe('Where the span begins, counted from 1'),
  link: z.string().describe('kb:// address of the document, the span as its fragment'),
  text: z.string().describe('The span itself'),
};
const number = z.number().int().describe('As [1] in the answer');
const score = z.number().describe('Higher fits better; compare within one answer alone');

const Claim = z.object({ number, ...place });
const Citation = z.object({ number, ...place, score });
const Nearest = z.object({ ...place, score });

export const knowledgeTools = {
  query_knowledge_base: defineTool({
    title: 'Ask the knowledge base',
    description:
      'Answers a question from the lab’s documents, templates, logged solutions and datasets: quoted sentences, each with the passage it stands in, best first; or says that it is not in the knowledge base.',
    keywords: [
      'how to fix, repair or do something',
      'look up in the manual',
      'search documents',
      'help',
      'has anybody had this problem before',
      'how do you do it',
      'what do the docs say',
      'explain something',
      'question',
      'known problem, trouble',
      'instructions, guide, protocol',
      'tell me about',
      'how should I store samples',
      'how does one clean a mirror',
      'where is it written',
      'is it known',
      'advice, procedure, safety rules',
      'why does something happen',
      'how to align, adjust, set up or use something',
    ],
    effect: 'read',
    everyday: true,
    about: ['project'],
    brief: ['project'],
    permission: 'knowledge:read',
    input: z.object({
      question: words(QUESTION_CHARACTERS_MAX),
      limit: z.number().int().min(1).max(20).default(5).describe('Most passages'),
      context: z
        .array(z.string().min(1).max(QUESTION_CHARACTERS_MAX))
        .max(CONTEXT_MAX)
        .default([])
        .describe('Earlier questions, oldest first: what "it" may mean'),
      collections: z
        .array(holds('identifier', z.string().min(1).max(100)))
        .max(COLLECTIONS_MAX)
        .optional()
        .describe(`Only these: ${LAB_COLLECTIONS.join(', ')} or an id. Left out: all; an empty list is refused`),
      since: Timestamp.optional().describe('Only what came then or later; when installed documents came is not known'),
      until: Timestamp.optional().describe('Only what came before'),
      project: ProjectId.optional().describe(
        'Only what belongs to this project of yours: its own texts, and collections and solutions brought for it',
      ),
    }),
    output: z.object({
      answered: z.boolean().describe('False: it is not in the knowledge base, and nothing here answers it'),
      confidence: z
        .number()
        .min(0)
        .max(1)
        .describe('That the answer answers the question; docs say how it is computed'),
      answer: z.string().describe('The claims, each with its [number]; or that there is none'),
      claims: z.array(Claim).describe('Each sentence of the answer, with its exact span'),
      citations: z.array(Citation).describe('Passages that the claims stand in and others that fit, best first'),
      nearest: z.array(Nearest).describe('Not an answer: the nearest passages when there is none'),
      unread: z
        .array(z.string())
        .optional()
        .describe('Collections that could not be asked yet: ask again in some seconds'),
      readAs: z.string().optional().describe('The question as it was read, where a word in it was misspelt'),
      untrusted: z.string().describe('How to take quoted text'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  get_document: defineTool({
    title: 'Read a document of the knowledge base',
    description: 'The whole text of a document that a citation names, with its version.',
    keywords: [
      'whole page or article',
      'show the whole article',
      'open a manual',
      'full text',
      'read more of it',
      'the full manual',
      'whole document',
    ],
    effect: 'read',
    everyday: true,
    permission: 'knowledge:read',
    input: z.object({ file: holds('path', z.string().min(1).max(200)) }),
    output: z.object({
      file: z.string(),
      title: z.string(),
      collection: z.string(),
      collectionName: z.string().describe('What people call it'),
      version: z.string().describe('First 16 digits of its SHA-256: spans of citations with this version fit'),
      text: z.string(),
      untrusted: z.string().describe('How to take the text'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
};
