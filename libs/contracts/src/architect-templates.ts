// The Architect's tools for templates: which there are, what each says, and adding one. Part of the contract in architect.ts.
import { z } from 'zod';
import { UploadId } from './blob.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, WalletId } from './values.js';

export const TemplateName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'a template’s name is lower-case with dashes, such as data-scientist-vial');
export const TemplateVersion = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/, 'a version is three numbers, such as 1.2.0');
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A full commit id: a branch or tag could be another thing tomorrow. */
const Commit = z.string().regex(/^[0-9a-f]{40}$/, 'a commit is named by its 40 hexadecimal digits');
/** Of `inputs`: JSON Schema 2020-12 of an object whose members are strings, numbers, integers, booleans or one of a list. */
export const InputsSchema = z.record(z.string(), z.unknown());

export const TEMPLATE_LIMITS = {
  files: 2_000,
  fileBytes: 16 * 1024 * 1024,
  bytes: 64 * 1024 * 1024,
  readmeCharacters: 64 * 1024,
  inputs: 50,
  pathCharacters: 200,
} as const;

/** Where a template is from. */
const TemplateSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shipped') }),
  z.object({ kind: z.literal('folder'), folder: z.string() }),
  z.object({ kind: z.literal('published'), by: WalletId, at: Timestamp }),
  z.object({ kind: z.literal('git'), url: z.string(), commit: Commit, by: WalletId, at: Timestamp }),
]);

const TemplateCard = z.object({
  name: TemplateName,
  version: TemplateVersion,
  title: z.string(),
  summary: z.string(),
  audience: z.string(),
  tools: z.array(z.string()).describe('Gateway names of the tools that its projects use'),
  inputs: InputsSchema.describe('JSON Schema of what it asks; writeOnly members are secrets'),
  files: z.int().describe('How many a project begins with'),
  bytes: z.int().describe('Of these files'),
  source: TemplateSource,
});

export const templateTools = {
  list_available_templates: defineTool({
    title: 'List project templates',
    description:
      'The templates ("vials") of the lab: what each is for, whom it suits, which inputs it asks and which tools its projects use. Start a project with instantiate_template.',
    keywords: [
      'start a new project',
      'examples to begin with',
      'starter kits',
      'boilerplate',
      'is there a starter for something',
      'what kinds of projects are there',
      'skeletons',
      'vials',
      'what starters do you have',
      'project ideas',
      'choose a starter',
      'which vials exist',
    ],
    effect: 'read',
    everyday: true,
    permission: 'template:read',
    input: z.object({ query: holds('prose', z.string().min(1).max(200)).optional().describe('Words to look for') }),
    output: z.object({ templates: z.array(TemplateCard) }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_template_readme: defineTool({
    title: 'Read a template’s README',
    description: 'The whole README of a template, as Markdown, with the names of its files.',
    keywords: [
      'instructions of a starter kit',
      'how to use a vial',
      'project guide',
      'how do I get going with a vial',
      'explain a template',
      'what is in this starter',
    ],
    effect: 'read',
    everyday: true,
    permission: 'template:read',
    input: z.object({ name: TemplateName }),
    output: z.object({
      name: TemplateName,
      version: TemplateVersion,
      title: z.string(),
      markdown: z.string(),
      files: z.array(z.string()),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  publish_template: defineTool({
    title: 'Add a template to the lab',
    description:
      'Checks a template, makes a project of it for trial, and adds it, or a newer version of it, for everybody: from an uploaded archive (.tar.gz) or a git repository at a commit. What is published stays as it is: a change is a new version.',
    keywords: [
      'share a starter kit',
      'register a template',
      'template from git',
      'make our setup available to others',
      'turn my project into a template',
      'contribute a starter',
    ],
    effect: 'write',
    permission: 'template:publish',
    input: z
      .object({
        uploadId: UploadId.optional(),
        git: z
          .object({
            url: holds('identifier', z.url({ protocol: /^https?$/ }).max(500)),
            commit: Commit,
            folder: holds('path', z.string().max(200)).optional().describe('In the repository; its root when left out'),
          })
          .optional(),
        dryRun: z.boolean().default(false).describe('Only check it'),
      })
      .refine(({ uploadId, git }) => (uploadId === undefined) !== (git === undefined), 'either uploadId or git'),
    output: z.object({
      template: TemplateCard,
      sha256: Sha256.describe('Of its archive'),
      published: z.boolean().describe('False for a dry run, and when this very version was there'),
    }),
    progress: z.object({ step: z.string(), done: z.int(), of: z.int() }),
    errors: ['not_found', 'conflict', 'too_large', 'unavailable'],
    timeoutMs: 120_000,
  }),
};
