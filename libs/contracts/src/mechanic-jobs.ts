// The Mechanic's tools for jobs: submitting, looking, ending, trying again. Part of the contract in mechanic.ts.
import { z } from 'zod';
import { ArrayOfJob, ArraySummary, InArray, NewArray, Variables } from './mechanic-job-arrays.js';
import { JobFile, Path, Plain } from './mechanic-job-files.js';
import {
  ArrayId,
  END_REASONS,
  type EndReason,
  EXECUTORS,
  JOB_LIMITS,
  JOB_STATES,
  JobId,
  JobOrArrayId,
} from './mechanic-job-states.js';
import { UsageSeries } from './mechanic-usage.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Amount, Timestamp, WalletId, words } from './values.js';

/** Of a job that says nothing of its folder: then no executor is refused for not bounding it. */
export const DISK_MB_USUAL = 10_240;

export const Resources = z.object({
  cpus: z.number().min(0.1).max(JOB_LIMITS.cpus).multipleOf(0.001).default(1),
  memoryMb: z.int().min(16).max(JOB_LIMITS.memoryMb).default(1_024),
  gpus: z.int().min(0).max(JOB_LIMITS.gpus).default(0),
  wallSeconds: z.int().min(1).max(JOB_LIMITS.wallSeconds).default(3_600).describe('Of one attempt'),
  diskMb: z.int().min(1).max(JOB_LIMITS.diskMb).default(DISK_MB_USUAL).describe('Of its folder'),
});

/** What a job is, as somebody submits it. */
export const JobSpec = z.object({
  name: words(100).regex(/^\P{Cc}*$/u, 'must not contain control characters'),
  command: holds(
    'code',
    z
      .array(Plain.max(128 * 1024))
      .min(1)
      .max(1_000)
      .refine(([program]) => program !== '', 'must begin with the program to run: its first word is empty'),
  )
    .optional()
    .describe('Program and arguments, without a shell'),
  script: holds('code', Plain.min(1).max(256 * 1024))
    .optional()
    .describe('Instead of command: a script, run by its #! line or sh'),
  arguments: holds('code', z.array(Plain.max(128 * 1024)).max(1_000))
    .default([])
    .describe('Of the script'),
  environment: Variables.default({}).describe('Variables'),
  files: z.array(JobFile).max(JOB_LIMITS.files).default([]).describe('Working files'),
  executor: z.enum(EXECUTORS).default('process'),
  image: z
    .string()
    .regex(/^[a-z0-9][\w./:@-]{0,254}$/i)
    .optional()
    .describe('Container image; for container and kubernetes'),
  requirements: holds('code', z.array(z.string().regex(/^[^\p{Cc}-][^\p{Cc}]{0,199}$/u)).max(200))
    .optional()
    .describe(
      'Python packages, such as torch==2.13.0: a virtual environment is made of them once, and its python comes first',
    ),
  network: z.boolean().default(false),
  resources: Resources.prefault({}).describe('What it may use'),
  priority: z.int().min(-10).max(10).default(0).describe('Among your own jobs; higher first'),
  tries: z.int().min(1).max(JOB_LIMITS.tries).default(1).describe('Attempts that may fail by its own fault'),
  backoffSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(10)
    .describe('Before the second try; doubles each time, at most a day'),
  checkpoints: Path.optional().describe('Folder that the next attempt finds again as the last one left it'),
  artifacts: z
    .array(holds('path', Plain.min(1).max(500)))
    .max(100)
    .default(['artifacts/**'])
    .describe('Globs of files to keep'),
  keepDays: z.int().min(1).max(3_650).default(90).describe('How long artefacts and logs are kept after its end'),
  labels: z
    .record(z.string().regex(/^[a-z][a-z0-9._/-]{0,62}$/), z.string().max(100))
    .default({})
    .refine((labels) => Object.keys(labels).length <= 20, 'at most 20 labels')
    .describe('To find it by'),
  after: z
    .array(z.object({ jobId: JobOrArrayId, on: z.enum(['success', 'end']).default('success') }))
    .max(JOB_LIMITS.after)
    .default([])
    .describe('Runs after these'),
  gang: z
    .object({ name: z.string().regex(/^[\w.-]{1,60}$/), size: z.int().min(2).max(JOB_LIMITS.gang) })
    .optional()
    .describe('They start together'),
});
export type JobSpec = z.output<typeof JobSpec>;
const IN_FULL = ['script', 'executor'];
/** Of these a list says no more than what they are. */
const BRIEF = [
  ...Object.keys(JobSpec.shape).filter((name) => !IN_FULL.includes(name)),
  'array',
  'submissionId',
  'dryRun',
];

const Reason = z.enum(Object.keys(END_REASONS) as [EndReason, ...EndReason[]]);

const jobFields = {
  jobId: JobId,
  name: z.string(),
  owner: WalletId,
  state: z.enum(JOB_STATES),
  reason: Reason.nullable().describe('Why it ended'),
  message: z.string().nullable().describe('The same for people, with what to do'),
  executor: z.enum(EXECUTORS),
  node: z.string().nullable().describe('Where it runs, or ran last'),
  priority: z.int(),
  labels: z.record(z.string(), z.string()),
  resources: z.object({ cpus: z.number(), memoryMb: z.int(), gpus: z.int(), wallSeconds: z.int() }),
  attempts: z.int().nonnegative(),
  exitCode: z.int().nullable(),
  submittedAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  held: Amount.describe('Set aside for it'),
  cost: Amount.nullable().describe('What it cost, once it has ended'),
  array: InArray.optional().describe('Of one of an array'),
};
export const JobSummary = z.object(jobFields);

const Attempt = z.object({
  attempt: z.int().positive(),
  node: z.string(),
  state: z.enum(['placed', 'running', 'ended']),
  outcome: z.enum(['succeeded', 'failed', 'cancelled', 'lost']).nullable(),
  reason: Reason.nullable(),
  message: z.string().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  gpus: z.array(z.int()),
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  cpuSeconds: z.number(),
  gpuSeconds: z.number(),
  memoryPeakBytes: z.number(),
  usage: UsageSeries.nullable().describe('Of the newest attempt: what it used over time'),
});

export const JobDetails = z.object({
  ...jobFields,
  array: ArrayOfJob.optional().describe('Of one of an array'),
  command: z.array(z.string()).nullable(),
  script: z.string().nullable(),
  environment: z.array(z.string()).describe('Names of the variables that were set'),
  files: z.array(z.object({ path: z.string(), bytes: z.int().nonnegative() })),
  image: z.string().nullable(),
  requirements: z.array(z.string()),
  network: z.boolean(),
  tries: z.int(),
  checkpoints: z.string().nullable(),
  artifacts: z.array(z.string()),
  after: z.array(z.object({ jobId: JobOrArrayId, on: z.enum(['success', 'end']), state: z.enum(JOB_STATES) })),
  gang: z.object({ name: z.string(), size: z.int() }).nullable(),
  submissionId: z.string().nullable(),
  history: z.array(Attempt),
});

export const jobTools = {
  orchestrate_training_job: defineTool({
    title: 'Run a training or other job',
    description:
      'Runs a command or script on the lab’s machines. Its cost is set aside, then settled. dryRun only tells where, when and at what cost.',
    keywords: [
      'train a model, run a script, submit a batch job, start a computation on a gpu, schedule work',
      'train a neural network, fine-tune, run code, a notebook or program on a big machine',
      'start an experiment or simulation, machine learning, compute something heavy',
      'parameter sweep, job array, grid search, run it many times with other values, hyperparameters',
      'I have a script that needs a gpu, start a simulation, fine-tune a language model',
      'launch an experiment, use the cluster',
    ],
    effect: 'write',
    idempotent: true,
    everyday: true,
    brief: BRIEF,
    permission: 'job:write',
    input: z.object({
      ...JobSpec.shape,
      array: NewArray.optional().describe('Many runs of it'),
      submissionId: z
        .string()
        .regex(/^[\w.:-]{8,100}$/)
        .optional()
        .describe('The same again answers the same job; of your wallet'),
      dryRun: z.boolean().default(false),
    }),
    output: z.object({
      job: JobSummary.nullable().describe('Null for a dry run, and for an array'),
      array: ArraySummary.optional().describe('list_jobs has its jobs, by arrayId'),
      alreadySubmitted: z.boolean(),
      plan: z
        .object({
          node: z.string().nullable().describe('Where it would run now; null: nowhere yet'),
          startsAfterSeconds: z.number().nullable().describe('A guess by the limits of what runs; null: unknown'),
          missing: z.string().nullable().describe('The one thing that it would wait for'),
          cost: Amount.describe('The most that it can cost: all tries as long as they may'),
          costPerHour: Amount,
        })
        .nullable()
        .describe('Of a dry run'),
    }),
    errors: ['not_found', 'conflict', 'insufficient_funds', 'too_large', 'quota_exceeded', 'upstream_failed'],
    timeoutMs: 120_000,
  }),
  get_job: defineTool({
    title: 'A job, with its attempts',
    description: 'State, limits, files, cost and every attempt of a job: where, when, how it ended and what it used.',
    keywords: [
      'how is my job doing, job status, why did my job fail, exit code, is my training finished yet',
      'progress of a run, how long will it take, did it work, why did it crash or die',
      'what went wrong with a run, how far along is my run, how long does my training still take',
      'did my experiment work, is it done, state of a job',
      'what percent is done',
    ],
    effect: 'read',
    everyday: true,
    about: ['jobId'],
    permission: 'job:read',
    input: z.object({ jobId: JobId }),
    output: JobDetails,
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  list_jobs: defineTool({
    title: 'Jobs, the newest first',
    description: 'Your jobs by state, label, name, time, executor, node or array. The operator sees everybody’s.',
    keywords: [
      'my running jobs, queue of jobs, failed trainings, what is running on the cluster',
      'everything I have run, my experiments, history of my runs, who uses the machines',
    ],
    effect: 'read',
    everyday: true,
    brief: ['label', 'owner', 'executor', 'node', 'arrayId'],
    permission: 'job:read',
    input: z.object({
      state: z.array(z.enum(JOB_STATES)).max(JOB_STATES.length).optional(),
      name: z.string().min(1).max(100).optional().describe('A part of the name'),
      label: z
        .object({ name: z.string().max(63), value: z.string().max(100).optional() })
        .optional()
        .describe('{name, value}'),
      owner: WalletId.optional().describe('The operator alone may name another than their own'),
      since: Timestamp.optional(),
      executor: z.enum(EXECUTORS).optional(),
      node: z.string().min(1).max(100).optional().describe('Where they run, or ran last'),
      arrayId: ArrayId.optional(),
      limit: z.int().min(1).max(100).default(20),
      cursor: z.string().max(200).optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({
      jobs: z.array(JobSummary),
      array: ArraySummary.optional().describe('The whole of it, where arrayId was given'),
      nextCursor: z.string().optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  cancel_job: defineTool({
    title: 'Cancel a job, or all of an array',
    description:
      'A job that waits ends at once; one that runs gets SIGTERM, and SIGKILL after the grace. Again: the same answer. One that has ended stays as it is.',
    keywords: [
      'stop a job, kill a training, abort a run, stop what is running, end a program',
      'I started it by mistake, interrupt, make it stop, kill it, it diverges, stop it, end my run',
    ],
    effect: 'destroy',
    idempotent: true,
    everyday: true,
    about: ['jobId'],
    permission: 'job:write',
    input: z.object({ jobId: JobOrArrayId, graceSeconds: z.number().min(0).max(600).default(10) }),
    output: z.object({
      job: JobSummary.nullable().describe('Null for an array'),
      array: ArraySummary.optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 60_000,
  }),
  retry_job: defineTool({
    title: 'Try a job again',
    description:
      'Submits a job that has failed or was cancelled once more, with the same files and limits, as a new job.',
    keywords: [
      'restart a failed job, rerun, resubmit, it crashed, run it again, try once more',
      'repeat an experiment, continue a training, try the failed run again, restart my training, redo it',
    ],
    effect: 'write',
    idempotent: true,
    about: ['jobId'],
    permission: 'job:write',
    input: z.object({
      jobId: JobId,
      checkpoints: z.boolean().default(true).describe('Begin with the checkpoints that it left'),
      submissionId: z
        .string()
        .regex(/^[\w.:-]{8,100}$/)
        .optional(),
    }),
    output: z.object({ job: JobSummary, alreadySubmitted: z.boolean() }),
    errors: ['not_found', 'conflict', 'insufficient_funds'],
    timeoutMs: 30_000,
  }),
  why_pending: defineTool({
    title: 'Why a job does not start',
    description: 'The one thing that a waiting job lacks, and what would help.',
    keywords: [
      'job stuck in the queue, why is my job not running, waiting for a gpu, why is my job waiting',
      'nothing happens with my job, my job does not start, how long until it begins, place in the queue',
      'my run never starts, queued for hours, when does my job start, still in the queue',
    ],
    effect: 'read',
    about: ['jobId'],
    permission: 'job:read',
    input: z.object({ jobId: JobId }),
    output: z.object({
      jobId: JobId,
      state: z.enum(JOB_STATES),
      missing: z
        .enum([
          'nothing',
          'dependency',
          'array',
          'retry',
          'gang',
          'quota',
          'share',
          'cpus',
          'memory',
          'gpus',
          'node',
          'executor',
          'drained',
          'reservation',
        ])
        .describe('nothing: it has started or ended'),
      message: z.string(),
      readyAt: Timestamp.nullable().describe('When that is known'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
};
