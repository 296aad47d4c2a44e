// What the lab's people learnt: problems and their solutions, found by everyone's questions, voted for and accepted.
import { z } from 'zod';
import { ProjectId } from './architect-projects.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, WalletId, words } from './values.js';

const ID = 'sol_[0-9a-z-]{1,60}';
const SolutionId = z.string().regex(new RegExp(`^${ID}$`));
/** As `log_new_solution` and citations give it. */
const SolutionFile = z
  .string()
  .regex(new RegExp(`^solutions/${ID}\\.md$`), 'a solution’s file looks like solutions/sol_….md')
  .describe('File of a solution, as citations and list_solutions give it');

/** Of what happened, something that others can look at: a job, a dataset, a document, a page. */
const Evidence = holds(
  'identifier',
  z
    .string()
    .max(500)
    .regex(
      /^(?:job_[0-9a-f-]{36}|ds_[A-Za-z0-9-]{1,60}|(?:https?|kb|dataset|job):\/\/[^\s<>"`\\\p{Cc}]+)$/u,
      'give a job id, a dataset id, or an address that begins with https://, http://, kb://, dataset:// or job://',
    ),
);

/** What of an error text is looked at. */
export const ERROR_TEXT_CHARACTERS = 64 * 1024;

const Tag = words(40);

const Standing = {
  file: SolutionFile,
  votes: z.int().nonnegative(),
  voted: z.boolean().describe('By you'),
};

export const solutionTools = {
  log_new_solution: defineTool({
    title: 'Log a solution',
    description:
      'Adds a problem and its solution to the knowledge base, for everyone in the lab, searchable at once. The same again answers the first; one that looks like another is told of, unless ifSimilar says what to do.',
    keywords: [
      'write down, save or remember a lesson learned',
      'how a problem was solved',
      'note',
      'save what we learned',
      'keep a trick for others',
      'write a note for the next person',
      'share knowledge',
      'we solved it',
      'document a fix',
      'lessons learnt',
      'tell others how I fixed it',
      'note for the next shift',
      'we found a fix, keep it',
      'write to the knowledge base',
      'record how we repaired something',
    ],
    effect: 'write',
    idempotent: true,
    everyday: true,
    about: ['project'],
    brief: ['project'],
    permission: 'knowledge:write',
    input: z.object({
      title: words(140, 3),
      problem: words(8_000, 3),
      solution: words(16_000, 3),
      tags: z.array(Tag).max(12).default([]),
      evidence: z
        .array(Evidence)
        .max(20)
        .default([])
        .describe('Ids of jobs and datasets, kb:// and https:// addresses'),
      errorText: holds('data', z.string().min(1).max(ERROR_TEXT_CHARACTERS))
        .optional()
        .describe('The error that it solves: its fingerprints are kept, its text is not'),
      ifSimilar: z
        .enum(['tell', 'variant', 'apart'])
        .default('tell')
        .describe('tell: refuse and name it; variant: log as another solution of the same; apart: log on its own'),
      project: ProjectId.optional().describe('A project of yours that it belongs to; nobody else sees that'),
    }),
    output: z.object({
      file: SolutionFile,
      title: z.string(),
      loggedAt: Timestamp,
      alreadyLogged: z.boolean().describe('The same was there: this is it, as it was'),
      variantOf: SolutionFile.nullable(),
      errors: z.int().nonnegative().describe('Fingerprints of errors that it is found by'),
    }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  list_solutions: defineTool({
    title: 'Logged solutions',
    description: 'Solutions by words, tags, author and acceptance, the newest or the most voted for first.',
    keywords: [
      'lessons learned so far',
      'best known fixes',
      'my logged solutions',
      'which problems were solved',
      'what have we learned so far',
      'my notes',
      'all lessons learnt',
    ],
    effect: 'read',
    everyday: true,
    about: ['project'],
    brief: ['project'],
    permission: 'knowledge:read',
    input: z.object({
      words: z.string().min(1).max(200).optional().describe('All of them stand in it'),
      tags: z.array(Tag).max(12).default([]).describe('All of them'),
      author: z.enum(['anyone', 'mine']).default('anyone'),
      accepted: z.boolean().optional(),
      of: SolutionFile.optional().describe('Only this one, and those of the same trouble'),
      project: ProjectId.optional().describe('Only those that were logged with this project of yours'),
      order: z.enum(['newest', 'votes']).default('newest'),
      limit: z.int().min(1).max(100).default(20),
      cursor: z.string().max(200).optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      solutions: z.array(
        z.object({
          ...Standing,
          title: z.string(),
          tags: z.array(z.string()),
          evidence: z.array(z.string()),
          loggedAt: Timestamp,
          mine: z.boolean(),
          projects: z.array(ProjectId).describe('Of yours, that it was logged with'),
          acceptedAt: Timestamp.nullable(),
          variantOf: SolutionFile.nullable(),
        }),
      ),
      nextCursor: z.string().optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  vote_solution: defineTool({
    title: 'Vote for a solution',
    description: 'One vote of your wallet for a solution that helped, or its withdrawal. Not for your own.',
    keywords: [
      'upvote',
      'this fix worked for me',
      'take my vote back',
      'this fix helped me',
      'like, thumbs up or down',
      'rate a solution',
      'it did not work for me',
    ],
    effect: 'write',
    idempotent: true,
    about: ['file'],
    permission: 'knowledge:write',
    input: z.object({ file: SolutionFile, vote: z.enum(['up', 'withdrawn']).default('up') }),
    output: z.object(Standing),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  accept_solution: defineTool({
    title: 'Accept a solution',
    description:
      'Says for the lab that a solution is right, once and for good: its author is paid the reward of solution_accepted. Never by its author.',
    keywords: [
      'mark as the right answer',
      'confirm a fix',
      'validate a solution',
      'that is the right answer',
      'mark as solved',
      'approve a fix',
    ],
    effect: 'write',
    idempotent: true,
    about: ['file'],
    permission: 'knowledge:accept',
    input: z.object({ file: SolutionFile }),
    output: z.object({
      file: SolutionFile,
      acceptedAt: Timestamp,
      alreadyAccepted: z.boolean().describe('It was before, by whomever'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
};

export const solutionEvents = {
  /** Once for each solution, in the transaction that accepts it. */
  solution_accepted: z.object({
    solutionId: SolutionId,
    walletId: WalletId.describe('Its author’s'),
    acceptedBy: WalletId,
  }),
} as const;
