// The Architect's tools for projects: making one from a template, bringing it to a newer version. Part of the contract in architect.ts.
import { z } from 'zod';
import { InputsSchema, Sha256, TemplateName, TemplateVersion } from './architect-templates.js';
import { BlobId, UploadId } from './blob.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { Timestamp, WalletId } from './values.js';

export const ProjectId = z
  .string()
  .regex(
    /^prj_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    'a project id looks like prj_ and a UUID',
  )
  .describe('Project id, as instantiate_template and list_projects answer it');
/** A folder's name on every system: no device names, which domain code refuses with the reason. */
export const ProjectName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a project’s name is lower-case letters, digits and dashes, at most 63')
  .describe('Of its folder, such as flare-study');

/** Where a project's files are: a folder of the lab's disk, an archive to download, or both. */
export const PROJECT_PLACES = ['folder', 'archive', 'both'] as const;

/** How a file differs: of a dry run, from nothing; of an update, from what the project has. */
export const FILE_CHANGES = ['added', 'changed', 'removed', 'mode', 'kept', 'conflict'] as const;

const FileChange = z.object({
  path: z.string(),
  change: z
    .enum(FILE_CHANGES)
    .describe(
      'kept: you changed or deleted it, and it stays so; conflict: both changed the same lines, marked in the file; mode: only whether it may be run',
    ),
  sha256: Sha256.nullable().describe('Afterwards; null when it is not there'),
  bytes: z.int().nullable(),
  executable: z.boolean(),
  difference: z.string().optional().describe('Unified, for text of up to 64 KiB'),
  note: z.string().optional(),
});

const Archive = z.object({
  uri: z.string().describe('Where it can be downloaded with the same token'),
  blobId: BlobId,
  sha256: Sha256,
  bytes: z.int(),
});

const Project = z.object({
  projectId: ProjectId,
  name: ProjectName,
  owner: WalletId,
  template: TemplateName,
  version: TemplateVersion,
  place: z.enum(PROJECT_PLACES),
  folder: z.string().nullable().describe('On the lab’s disk'),
  archive: Archive.nullable(),
  inputs: z.record(z.string(), z.unknown()).describe('As given or defaulted; secrets are left out'),
  secrets: z.array(z.string()).describe('Names of secret inputs that are kept'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});

const Inputs = z
  .record(z.string(), z.union([z.string().max(4_096), z.number(), z.boolean()]))
  .describe('What the template asks, as its inputs schema says; list_available_templates shows it');

export const projectTools = {
  instantiate_template: defineTool({
    title: 'Start a project from a template',
    description:
      'Makes a new project: the template with your wallet, the lab’s address and your inputs filled in, as a folder on the lab’s disk, an archive to download, or both. dryRun answers the files, hashes and contents without making anything. Repeating it with the same name and inputs answers the same project.',
    keywords: [
      'create a project',
      'new project folder',
      'scaffold',
      'set up a notebook',
      'set up a project for me',
      'make an app or chatbot',
      'begin a new project',
      'skeleton',
      'bootstrap',
      'generate code to begin with',
      'a fresh notebook project',
      'help me begin an analysis',
      'create a chatbot',
      'new workspace',
    ],
    effect: 'write',
    everyday: true,
    idempotent: true,
    brief: ['inputs'],
    permission: 'project:write',
    input: z.object({
      template: TemplateName,
      name: ProjectName,
      version: TemplateVersion.optional().describe('The newest when left out'),
      inputs: Inputs.default({}),
      place: z
        .enum(PROJECT_PLACES)
        .optional()
        .describe('folder where the lab keeps project folders, otherwise archive, when left out'),
      dryRun: z.boolean().default(false),
    }),
    output: z.object({
      project: Project.nullable().describe('Null for a dry run'),
      alreadyThere: z.boolean().describe('The same name, template and inputs were there: this is that project'),
      template: z.object({
        ...{ name: TemplateName, version: TemplateVersion, inputs: InputsSchema },
        toolset: z.array(z.string()).describe('What a key of the project needs: gateway names of tools'),
      }),
      files: z.array(FileChange),
      next: z.array(z.string()).describe('What to do first, as commands or sentences'),
    }),
    errors: ['not_found', 'conflict', 'too_large', 'quota_exceeded', 'unavailable'],
    timeoutMs: 60_000,
  }),
  list_projects: defineTool({
    title: 'List my projects',
    description: 'Your projects, newest first, with template, version and place; whether a newer version is there.',
    keywords: [
      'my project folders',
      'all projects that I have',
      'what did I start',
      'what am I working on',
      'my work',
      'which projects are mine',
      'list my work folders',
      'what projects have I got',
      'show my projects',
    ],
    effect: 'read',
    everyday: true,
    permission: 'project:read',
    input: z.object({
      template: TemplateName.optional(),
      limit: z.int().min(1).max(200).default(50),
      cursor: holds('identifier', z.string().max(200)).optional().describe('nextCursor of the page before'),
    }),
    output: z.object({
      projects: z.array(Project.extend({ newestVersion: TemplateVersion.nullable() })),
      nextCursor: z.string().optional(),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  get_project: defineTool({
    title: 'Show one project',
    description: 'A project of yours: its files with hashes, its template, inputs and its updates so far.',
    keywords: [
      'project details',
      'files of a project',
      'what is in my project',
      'where is my project',
      'open a project',
      'download my project',
      'my code',
    ],
    effect: 'read',
    everyday: true,
    about: ['projectId'],
    permission: 'project:read',
    input: z.object({ projectId: ProjectId }),
    output: z.object({
      project: Project,
      files: z.array(z.object({ path: z.string(), sha256: Sha256, bytes: z.int(), executable: z.boolean() })),
      history: z.array(z.object({ version: TemplateVersion, at: Timestamp, conflicts: z.int(), kept: z.int() })),
    }),
    errors: ['not_found'],
    timeoutMs: 5_000,
  }),
  check_updates: defineTool({
    title: 'Which projects have a newer template',
    description:
      'For one project or all of yours: the newest version of its template, and what bringing it there would change, file by file.',
    keywords: [
      'outdated project',
      'upgrade available',
      'is my project out of date',
      'is there something newer',
      'up to date',
    ],
    effect: 'read',
    about: ['projectId'],
    permission: 'project:read',
    input: z.object({
      projectId: ProjectId.optional().describe('All of yours when left out'),
      uploadId: UploadId.optional().describe('The project as you have it now, as .tar.gz, when the lab has no folder'),
    }),
    output: z.object({
      projects: z.array(
        z.object({
          projectId: ProjectId,
          name: ProjectName,
          version: TemplateVersion,
          newestVersion: TemplateVersion,
          files: z.array(FileChange).describe('Empty when it is the newest'),
        }),
      ),
    }),
    errors: ['not_found', 'too_large', 'unavailable'],
    timeoutMs: 60_000,
  }),
  update_project: defineTool({
    title: 'Bring a project to a newer template',
    description:
      'Merges what changed in the template into the project: your edits, deletions and modes stay, lines that both changed are marked as conflicts, as git does. A project that lives with you goes there and back as an archive.',
    keywords: [
      'upgrade a project',
      'newer version of the template',
      'merge template changes',
      'get the new version into my project',
      'bring my project up to date',
      'apply an update',
    ],
    effect: 'write',
    idempotent: true,
    about: ['projectId'],
    permission: 'project:write',
    input: z.object({
      projectId: ProjectId,
      version: TemplateVersion.optional().describe('The newest when left out'),
      inputs: Inputs.optional().describe('Only those that change, or that the newer version asks for the first time'),
      uploadId: UploadId.optional().describe('The project as you have it now, as .tar.gz, when the lab has no folder'),
      dryRun: z.boolean().default(false),
    }),
    output: z.object({
      project: Project,
      files: z.array(FileChange),
      conflicts: z.int(),
      updated: z.boolean().describe('False for a dry run, and when it was the newest'),
    }),
    errors: ['not_found', 'conflict', 'too_large', 'quota_exceeded', 'unavailable'],
    timeoutMs: 60_000,
  }),
  delete_project: defineTool({
    title: 'Delete a project',
    description:
      'Removes a project of yours from the lab: its folder on the lab’s disk, its archive, its kept secrets and the key that was made for it. Copies that you downloaded stay. It cannot be undone.',
    keywords: [
      'remove a project',
      'throw away an old project',
      'clean up, get rid of a project',
      'no longer need a project',
      'remove my test project',
      'erase a workspace',
    ],
    effect: 'destroy',
    idempotent: true,
    about: ['projectId'],
    permission: 'project:write',
    input: z.object({ projectId: ProjectId }),
    output: z.object({ projectId: ProjectId, deleted: z.boolean().describe('False when it was gone') }),
    errors: ['not_found', 'conflict', 'unavailable'],
    timeoutMs: 30_000,
  }),
  find_project: defineTool({
    title: 'Find a project of the caller’s',
    description: 'For other agents: the name of a project, when it is the caller’s.',
    visibility: 'internal',
    effect: 'read',
    about: ['projectId'],
    permission: 'project:read',
    input: z.object({ projectId: ProjectId }),
    output: z.object({ projectId: ProjectId, name: ProjectName }),
    errors: ['not_found'],
    timeoutMs: 2_000,
  }),
  read_project_texts: defineTool({
    title: 'Read the texts of a project',
    description:
      'For other agents: the files of a project or upload of the caller’s by name and size, with the text of those that are one and not too large; never of .env.',
    visibility: 'internal',
    effect: 'read',
    about: ['projectId'],
    permission: 'project:read',
    input: z.object({ projectId: ProjectId.optional(), uploadId: UploadId.optional() }),
    output: z.object({
      name: z.string(),
      files: z.array(
        z.object({ path: z.string(), bytes: z.int(), executable: z.boolean(), text: z.string().nullable() }),
      ),
    }),
    errors: ['not_found', 'too_large', 'unavailable'],
    timeoutMs: 30_000,
  }),
  read_project_secrets: defineTool({
    title: 'Read the secrets of a project',
    description:
      'The secret inputs that were given when a project of yours was made, for the command that runs it: npx @labmesh/cli project run puts them into its environment. They are in no file.',
    keywords: [
      'environment of a project',
      'keys and passwords of a project',
      '.env of my project',
      'which secrets does my code use',
    ],
    effect: 'read',
    about: ['projectId'],
    permission: 'project:write',
    input: z.object({ projectId: ProjectId }),
    output: z.object({
      secrets: z.record(z.string(), z.string()).describe('By the name of its environment variable'),
    }),
    errors: ['not_found', 'unavailable'],
    timeoutMs: 5_000,
  }),
};
