// The Curator's tools for validations: a claim about a result, checked by others independently. Part of the contract in curator.ts.
import { z } from 'zod';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { DatasetId, Timestamp, WalletId, words } from './values.js';

/** Exact, as it is written: a double would be another number. */
const DECIMAL = /^-?\d{1,20}(\.\d{1,30})?$/;
const NOT_A_DECIMAL = 'a number is written in decimals, in quotes, such as "0.6122", without an exponent';
const Decimal = z.string(NOT_A_DECIMAL).regex(DECIMAL, NOT_A_DECIMAL);
const Tolerance = z.string(NOT_A_DECIMAL).regex(/^\d{1,20}(\.\d{1,30})?$/, NOT_A_DECIMAL);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits');
const ValidationId = z.string().regex(/^val_[0-9a-f-]{36}$/, 'a validation id looks like val_ and a UUID');
const Metric = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,59}$/, 'a metric is small letters, digits, dots, dashes and _, such as accuracy');

export const VALIDATION_STATES = ['open', 'confirmed', 'refuted', 'undecided', 'cancelled'] as const;
export type ValidationState = (typeof VALIDATION_STATES)[number];
export const VALIDATION_LISTS = ['open', 'asked', 'reported', 'ended'] as const;

const Validation = z.object({
  validationId: ValidationId,
  title: z.string(),
  method: z.string(),
  datasetId: DatasetId,
  version: z.int().positive(),
  datasetSha256: Sha256,
  modelSha256: Sha256.nullable(),
  metric: Metric,
  claimed: Decimal.nullable().describe('Null until you have reported, or it has ended'),
  tolerance: Tolerance,
  reportsWanted: z.int().positive(),
  reportsMade: z.int().nonnegative(),
  state: z.enum(VALIDATION_STATES),
  agreed: Decimal.nullable().describe('What those who agree have measured: the middle of it'),
  sharesData: z.boolean(),
  mine: z.boolean(),
  reported: z.boolean().describe('By you'),
  askedAt: Timestamp,
  deadline: Timestamp,
  endedAt: Timestamp.nullable(),
});

const Report = z.object({
  measured: Decimal,
  rows: z.int().nonnegative(),
  evidence: z.string(),
  publicKey: z.string().nullable(),
  signature: z.string().nullable(),
  reportedAt: Timestamp,
  mine: z.boolean(),
  agrees: z.boolean().nullable().describe('Whether it is one of those that settled it; null before'),
});

const Base64 = (bytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]+={0,2}$/)
    .length(Math.ceil(bytes / 3) * 4, `base64 of ${bytes} bytes`);

export const validationTools = {
  request_validation: defineTool({
    title: 'Ask for a validation',
    description:
      'Puts a claim to the lab: this metric has this value on this version of a dataset. Others measure it without seeing your value; as many as agree within the tolerance confirm or refute it, and are rewarded. The same claim again is the one that is there.',
    keywords: [
      'have my result checked',
      'reproduce my experiment',
      'peer review of a result',
      'independent confirmation',
      'verify the accuracy of my model',
      'replicate a finding',
      'claim a result',
    ],
    effect: 'write',
    idempotent: true,
    about: ['datasetId'],
    permission: 'result:claim',
    input: z.object({
      title: words(140, 3).describe('Everybody reads it: leave your value out'),
      datasetId: DatasetId,
      version: z.int().positive(),
      method: words(4_000, 3).describe('What is run, where it is, how others run it'),
      modelSha256: Sha256.optional(),
      metric: Metric,
      claimed: Decimal,
      tolerance: Tolerance.describe('Most that values differ and still agree'),
      reports: z.int().min(2).max(5).default(2).describe('How many have to agree'),
      days: z.int().min(1).max(90).default(14).describe('Until it ends undecided'),
      shareData: z
        .boolean()
        .default(false)
        .describe('Of your own dataset: everybody may read this version until it ends'),
    }),
    output: z.object({ validation: Validation, alreadyAsked: z.boolean() }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
  list_validations: defineTool({
    title: 'List validations',
    description:
      'Claims that you may check (open), that you asked for, that you reported on, or that have ended: the newest first.',
    keywords: [
      'which results can I check',
      'claims to reproduce',
      'open reviews',
      'confirmed or refuted results',
      'results waiting for validators',
      'earn by checking results',
    ],
    effect: 'read',
    permission: 'dataset:read',
    input: z.object({
      which: z.enum(VALIDATION_LISTS).default('open'),
      limit: z.int().min(1).max(100).default(20),
      cursor: ValidationId.optional().describe('nextCursor of an earlier answer'),
    }),
    output: z.object({ validations: z.array(Validation), nextCursor: z.string().optional() }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_validation: defineTool({
    title: 'Look at a validation',
    description: 'A claim and how it stands. Its reports are there once you have reported yourself, or it has ended.',
    keywords: [
      'was my result confirmed',
      'verdict on a claim',
      'what did the validators measure',
      'status of a validation',
    ],
    effect: 'read',
    about: ['validationId'],
    permission: 'dataset:read',
    input: z.object({ validationId: ValidationId }),
    output: z.object({
      validation: Validation,
      reports: z.array(Report).nullable().describe('In order; null while they are hidden from you'),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  report_validation: defineTool({
    title: 'Report what you measured',
    description:
      'Reports what you measured for a validation of somebody else’s, once and for good. Who agrees with enough others is rewarded, whether that confirms the claim or refutes it. A signature is checked: docs/validations.md says what is signed.',
    keywords: [
      'submit my measurement',
      'I reproduced the result',
      'confirm or refute a claim',
      'send a validation report',
      'I got another number',
    ],
    effect: 'write',
    idempotent: true,
    about: ['validationId'],
    permission: 'result:validate',
    input: z.object({
      validationId: ValidationId,
      measured: Decimal,
      rows: z.int().nonnegative().max(Number.MAX_SAFE_INTEGER).describe('That it was measured on'),
      datasetSha256: Sha256.describe('Of the version as you read it'),
      publicKey: Base64(32).optional().describe('Ed25519, base64; with signature'),
      signature: Base64(64).optional(),
      evidence: holds('prose', z.string().max(2_000)).default('').describe('A job’s id, or where a log is'),
    }),
    output: z.object({ validation: Validation, alreadyReported: z.boolean() }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 10_000,
  }),
  cancel_validation: defineTool({
    title: 'Cancel a validation',
    description: 'Takes back a claim that you put to the lab, while nobody has reported.',
    keywords: ['withdraw my claim', 'take back a request to check', 'stop a review'],
    effect: 'destroy',
    idempotent: true,
    about: ['validationId'],
    permission: 'result:claim',
    input: z.object({ validationId: ValidationId }),
    output: z.object({ validation: Validation }),
    errors: ['not_found', 'conflict'],
    timeoutMs: 5_000,
  }),
} as const;

export const validationEvents = {
  /** For each of those who agreed, once, in the transaction that settles it; whichever way. */
  result_validated: z.object({
    validationId: ValidationId,
    walletId: WalletId.describe('Of who reported'),
    askedBy: WalletId,
    datasetId: DatasetId,
    version: z.int().positive(),
    verdict: z.enum(['confirmed', 'refuted']),
  }),
} as const;
