// The Mechanic's tools for what jobs write: logs and artefacts. Part of the contract in mechanic.ts.
import { z } from 'zod';
import { blobLink } from './blob-links.js';
import { JOB_STATES, JobId } from './mechanic-job-states.js';
import { defineResource } from './resource.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

/** Most bytes of log in one piece of an answer. */
export const LOG_PIECE_BYTES = 64 * 1024;
/** So much is told by one call that follows, and so long, at most; whoever asks again at its cursor misses nothing. */
export const LOG_FOLLOW_BYTES = 2 * 1024 * 1024;
export const LOG_FOLLOW_MS = 60_000;

/** Bytes of one stream, in the order in which they were written. */
export const LogPiece = z.object({
  stream: z.enum(['stdout', 'stderr']),
  attempt: z.int().positive(),
  offset: z.int().nonnegative().describe('Of its first byte in its stream'),
  at: Timestamp.describe('When its first byte was written; the others came within a second'),
  text: z.string().optional().describe('Where its bytes are UTF-8'),
  base64: z.string().optional().describe('Where they are not'),
});
export type LogPiece = z.output<typeof LogPiece>;

export const LogCursor = z
  .string()
  .regex(/^\d{1,6}:\d{1,15}$/, 'a cursor of a log is an attempt and a place, such as 1:4096')
  .describe('Attempt and place in its log: what comes from there on');

/** Which part of a log somebody wants. */
export const LogsWanted = z.object({
  attempt: z.int().positive().optional().describe('This one alone; left out: the newest, then later ones'),
  stream: z.enum(['both', 'stdout', 'stderr']).default('both'),
  cursor: LogCursor.optional(),
  tailLines: z.int().min(0).max(100_000).optional(),
  since: Timestamp.optional(),
});

export const LogPage = z.object({ pieces: z.array(LogPiece), cursor: LogCursor.describe('Where to go on') });
export type LogPage = z.output<typeof LogPage>;

const LogAnswer = z.object({
  ...LogPage.shape,
  ended: z.boolean().describe('The end mark: the job has ended and all was told'),
  state: z.enum(JOB_STATES),
});
export type LogEnd = z.output<typeof LogAnswer>;

export const logTools = {
  stream_logs: defineTool({
    title: 'What a job has written',
    description:
      'stdout and stderr, byte by byte, from the start, a cursor, a time, or the last lines. follow tells pieces as progress, for a minute or 2 MiB: ask again at the cursor until ended. Nothing is skipped or repeated.',
    keywords: [
      'job output',
      'follow a log',
      'tail stdout',
      'print training progress',
      'console of a run',
      'what did my program print',
      'see the output while it runs',
      'watch the loss',
      'error message of a job',
      'show messages',
      'see stdout',
      'read the log of a training',
      'last lines of the output',
      'traceback',
    ],
    effect: 'read',
    everyday: true,
    about: ['jobId'],
    permission: 'job:read',
    input: z.object({
      jobId: JobId,
      ...LogsWanted.shape,
      follow: z.boolean().default(false).describe('Needs a progress token'),
      waitSeconds: z.number().min(0).max(30).default(0).describe('Without follow: for the first byte'),
      maxBytes: z
        .int()
        .min(1)
        .max(1024 * 1024)
        .default(64 * 1024)
        .describe('Without follow'),
    }),
    progress: LogPage,
    output: LogAnswer,
    errors: ['not_found', 'unavailable'],
    timeoutMs: 120_000,
  }),
  list_artifacts: defineTool({
    title: 'What a job left',
    description: 'Files that a job left: name, size, SHA-256, until when they are kept. Checkpoints too, when asked.',
    keywords: [
      'output files of a job',
      'trained model file',
      'results of a run',
      'what files came out of it',
      'what did a job produce',
      'what is there to download',
    ],
    effect: 'read',
    everyday: true,
    about: ['jobId'],
    permission: 'job:read',
    input: z.object({
      jobId: JobId,
      kind: z.enum(['artifact', 'checkpoint']).default('artifact'),
      limit: z.int().min(1).max(1_000).default(100),
      cursor: z.string().max(2_100).optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      artifacts: z.array(
        z.object({
          path: z.string(),
          bytes: z.int().nonnegative(),
          sha256: z.string(),
          attempt: z.int().positive(),
          keptAt: Timestamp,
          expiresAt: Timestamp.nullable(),
        }),
      ),
      nextCursor: z.string().optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  get_artifact: defineTool({
    title: 'Get a file that a job left',
    description:
      'A link to one file of a job, to be read with the token of this connection; small texts are in the answer.',
    keywords: [
      'download a trained model',
      'fetch a result file',
      'get a checkpoint',
      'give me the weights',
      'get the model that my job made',
      'open a result',
      'save the output on my computer',
      'download the results of my run',
      'where is the trained model',
      'fetch the checkpoint',
      'save the weights',
      'grab a file of a run, onnx or pt',
    ],
    effect: 'read',
    about: ['jobId'],
    permission: 'job:read',
    input: z.object({
      jobId: JobId,
      path: z.string().min(1).max(500),
      kind: z.enum(['artifact', 'checkpoint']).default('artifact'),
    }),
    output: z.object({
      path: z.string(),
      bytes: z.int().nonnegative(),
      sha256: z.string(),
      text: z.string().optional().describe('Of a text of at most 16 KiB'),
      link: blobLink('The file'),
    }),
    errors: ['not_found', 'unavailable'],
    timeoutMs: 10_000,
  }),
};

export const jobResources = {
  job: defineResource({
    uri: 'job://{id}',
    title: 'Job',
    description: 'State, limits, cost and attempts of a job, as get_job answers it.',
    mimeType: 'application/json',
    permission: 'job:read',
    listed: false,
  }),
  job_list: defineResource({
    uri: 'jobs://{id}',
    title: 'Jobs of a wallet',
    description:
      'The newest jobs of a wallet, as list_jobs answers them; of everybody for id "all", which the operator may read. Who follows it hears of each new one.',
    mimeType: 'application/json',
    permission: 'job:read',
    listed: false,
  }),
  nodes: defineResource({
    uri: 'nodes://all',
    title: 'Machines',
    description:
      'What list_nodes answers. Who follows it hears when something begins or ends there, and when one comes or goes.',
    mimeType: 'application/json',
    permission: 'job:read',
    listed: true,
  }),
  job_logs: defineResource({
    uri: 'job://{id}/logs',
    title: 'Log of a job',
    description:
      'The last lines of what a job wrote, both streams, at most 256 KiB; stream_logs has all of it. Who follows it hears at most once a second that there is more.',
    permission: 'job:read',
    listed: false,
  }),
};

/** What may be read as bytes: what jobs left, were given and wrote. */
export const jobBlobs = {
  description: 'Files that jobs left or were given: whoever may read the job may read them.',
  permission: 'job:read',
  through: ['mechanic_get_artifact'],
} as const;
