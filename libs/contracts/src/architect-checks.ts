// The Architect's tool that looks a project through. Part of the contract in architect.ts.
import { z } from 'zod';
import { ProjectId } from './architect-projects.js';
import { Sha256 } from './architect-templates.js';
import { BlobId, UploadId } from './blob.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';

export const FINDING_SEVERITIES = ['error', 'warning', 'info'] as const;

export const ProjectFinding = z.object({
  rule: z.string().describe('Such as secret-in-file; docs/project-checks.md lists them'),
  severity: z.enum(FINDING_SEVERITIES),
  path: z.string().nullable().describe('Null: of the project as a whole'),
  line: z.int().positive().nullable(),
  message: z.string().describe('What is wrong, never the secret itself'),
  remedy: z.string(),
  fixable: z.boolean().describe('applyFixes mends it'),
  fixed: z.boolean(),
});
export type ProjectFinding = z.output<typeof ProjectFinding>;

export const checkTools = {
  validate_project_config: defineTool({
    title: 'Check a project',
    description:
      'Looks a project through: leaked or missing secrets, ports, wallets that are not there or not yours, addresses that do not answer, configuration files against their schemas, versions, unused and missing dependencies. Each finding has a rule, severity, file and line. applyFixes mends what is safe to mend.',
    keywords: [
      'lint a project',
      'is my project set up right',
      'find leaked keys',
      'missing dependency',
      'did I leave a password in my code',
      'is something wrong with my project',
      'is everything installed that my project needs',
      'hard-coded secrets',
      'does my setup work',
      'are there API keys or secrets in my repository or git repo',
      'check my code for secrets',
      'audit my code',
      'review my project',
      'is my Dockerfile or configuration fine',
    ],
    effect: 'write',
    everyday: true,
    idempotent: true,
    about: ['projectId'],
    brief: ['files'],
    permission: 'project:read',
    input: z
      .object({
        projectId: ProjectId.optional().describe('Of yours: its folder, or its archive'),
        uploadId: UploadId.optional().describe('A project as .tar.gz'),
        files: z
          .array(
            z.object({ path: holds('path', z.string().min(1).max(200)), text: holds('code', z.string().max(262_144)) }),
          )
          .min(1)
          .max(200)
          .optional()
          .describe('A few files themselves'),
        applyFixes: z.boolean().default(false),
        rules: z
          .array(holds('identifier', z.string().max(64)))
          .max(100)
          .optional()
          .describe('Only these'),
      })
      .refine(
        ({ projectId, uploadId, files }) =>
          [projectId, uploadId, files].filter((one) => one !== undefined).length === 1,
        'give one of projectId, uploadId, files',
      ),
    output: z.object({
      ok: z.boolean().describe('No finding of severity error is left'),
      checked: z.int().describe('Files that were looked at'),
      findings: z.array(ProjectFinding).describe('The gravest first, at most 300'),
      counts: z
        .object({ error: z.int(), warning: z.int(), info: z.int(), fixed: z.int() })
        .describe('Of all findings; what was fixed counts there alone'),
      files: z
        .array(z.object({ path: z.string(), text: z.string() }))
        .describe('Of `files` and `uploadId`: those that applyFixes changed or made, for you to put in place'),
      archive: z
        .object({ uri: z.string(), blobId: BlobId, sha256: Sha256, bytes: z.int() })
        .nullable()
        .describe('Of a project that is an archive: the mended one, which took its place'),
    }),
    errors: ['not_found', 'conflict', 'too_large', 'quota_exceeded', 'unavailable'],
    timeoutMs: 60_000,
  }),
};
