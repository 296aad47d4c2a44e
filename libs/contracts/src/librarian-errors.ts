// What happened, from the text of an error or a log: its events, the code that it came from, and what is known of it.
import { z } from 'zod';
import { JobId } from './mechanic-job-states.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

/** Most of a text that is looked at; of a job's log its end. */
export const ANALYZED_CHARACTERS = 256 * 1024;

export const LANGUAGES = ['node', 'python', 'java', 'go', 'rust', 'csharp'] as const;
export type TraceLanguage = (typeof LANGUAGES)[number];

const Frame = z.object({
  file: z.string().nullable(),
  line: z.int().nonnegative().nullable(),
  function: z.string().nullable(),
  own: z.boolean().describe('Neither the language’s nor a package’s'),
});

const Solutions = z.array(
  z.object({
    file: z.string(),
    title: z.string(),
    by: z.enum(['fingerprint', 'words']),
    accepted: z.boolean(),
    votes: z.int().nonnegative(),
  }),
);

export const errorTools = {
  analyze_error: defineTool({
    title: 'Analyze an error',
    description:
      'Of an error text, a log excerpt or your job’s log: each kind of event once, how often you had it before, known solutions, and the stack traces with causes and the place in your own code. The text is not kept.',
    keywords: [
      'what does this error mean',
      'explain a stack trace',
      'why did it crash',
      'traceback',
      'group log lines',
    ],
    effect: 'write',
    idempotent: true,
    everyday: true,
    about: ['jobId'],
    permission: 'knowledge:read',
    input: z.object({
      text: holds('data', z.string().min(1).max(ANALYZED_CHARACTERS)).optional().describe('This or jobId'),
      jobId: JobId.optional().describe('Instead of text: the end of its log'),
    }),
    output: z.object({
      lines: z.int().nonnegative().describe('That are not empty'),
      events: z.array(
        z.object({
          fingerprint: z.string(),
          template: z.string().describe('The line with <*> for what varies'),
          lines: z.int().positive(),
          firstLine: z.int().nonnegative().describe('From 1; 0 for how the job ended'),
          seen: z
            .object({
              lines: z.int().positive(),
              sources: z.int().positive().describe('Jobs, excerpts and solutions'),
              firstAt: Timestamp,
              lastAt: Timestamp,
              where: z.array(z.string()).describe('Jobs and solutions, the newest first'),
            })
            .nullable()
            .describe('Before this, by your wallet; the operator’s answer is of the whole lab'),
          solutions: Solutions,
        }),
      ),
      moreEvents: z
        .int()
        .nonnegative()
        .describe('Kinds of events that are left out, those that look least like errors'),
      traces: z.array(
        z.object({
          language: z.enum(LANGUAGES),
          chain: z
            .array(
              z.object({
                type: z.string().nullable(),
                message: z.string(),
                line: z.int().positive(),
                frames: z.array(Frame).describe('The innermost first'),
              }),
            )
            .describe('What was thrown, then what caused it, to the first cause'),
          origin: Frame.nullable().describe('The innermost place in your own code'),
        }),
      ),
    }),
    errors: ['not_found'],
    timeoutMs: 15_000,
  }),
  list_errors: defineTool({
    title: 'Errors that were seen',
    description:
      'Kinds of errors that your jobs, logs and solutions had, those seen last first: how often, where, since when, and what solves them. The operator’s list is of the whole lab, with what agents and workers logged of their own.',
    keywords: [
      'which errors happen most',
      'known errors of the lab',
      'what goes wrong here lately',
      'error statistics, error overview',
      'exceptions that agents logged',
      'recent problems, issue tracker',
    ],
    effect: 'read',
    permission: 'knowledge:read',
    input: z.object({
      words: z.string().min(1).max(200).optional().describe('All of them stand in it'),
      since: Timestamp.optional().describe('Only what was seen then or later'),
      limit: z.int().min(1).max(100).default(20),
      cursor: z.string().max(100).optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      errors: z.array(
        z.object({
          fingerprint: z.string(),
          template: z.string().describe('The line with <*> for what varies'),
          lines: z.int().positive(),
          sources: z.int().positive().describe('Jobs, excerpts, solutions, and runs of agents by day'),
          firstAt: Timestamp,
          lastAt: Timestamp,
          where: z.array(z.string()).describe('Jobs, solutions and agents, the newest first'),
          solutions: Solutions,
        }),
      ),
      nextCursor: z.string().optional(),
    }),
    errors: [],
    timeoutMs: 10_000,
  }),
};
