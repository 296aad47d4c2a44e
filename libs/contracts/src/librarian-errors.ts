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
          solutions: z.array(
            z.object({
              file: z.string(),
              title: z.string(),
              by: z.enum(['fingerprint', 'words']),
              accepted: z.boolean(),
              votes: z.int().nonnegative(),
            }),
          ),
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
};
