// What a project does, from its code and structure, by rules alone or in a model's words too. Each statement stands on lines of its
// files; nothing is said without one.
import { z } from 'zod';
import { ProjectId } from './architect-projects.js';
import { UploadId } from './blob.js';
import { ModelName } from './librarian-assistant.js';
import { defineTool } from './tool.js';

/** `overview` is a model's alone. */
export const SUMMARY_SECTIONS = [
  'overview',
  'purpose',
  'entry_points',
  'modules',
  'data_flow',
  'run',
  'configuration',
  'tests',
  'licences',
] as const;

export const SummaryCitation = z.object({
  file: z.string(),
  from: z.int().positive().describe('First line, counted from 1'),
  to: z.int().positive().describe('Last line'),
  text: z.string().describe('What stands there, exactly; of long lines the part that matters'),
});
export type SummaryCitation = z.output<typeof SummaryCitation>;

export const SummaryStatement = z.object({
  section: z.enum(SUMMARY_SECTIONS),
  subject: z.string().describe('What it is about, as it is written in the first citation'),
  text: z.string(),
  by: z.enum(['rules', 'model']).describe('What a model says stands on its lines as far as programs can tell'),
  citations: z.array(SummaryCitation).min(1),
});
export type SummaryStatement = z.output<typeof SummaryStatement>;

export const ProjectSummary = z.object({
  files: z.int().describe('Of the project'),
  read: z.int().describe('Of these, as text'),
  languages: z
    .array(z.object({ language: z.string(), files: z.int(), lines: z.int() }))
    .describe('The most lines first'),
  model: ModelName.nullable().describe('Whose statements are here too; null: none'),
  statements: z.array(SummaryStatement).describe('Section by section; a model’s before those of rules'),
  modules: z.array(
    z.object({
      path: z.string(),
      language: z.string(),
      lines: z.int(),
      exports: z.array(z.string()),
      imports: z.array(z.string()).describe('Files of the project'),
      packages: z.array(z.string()).describe('What it imports from outside'),
    }),
  ),
  unknown: z.array(z.string()).describe('What could not be told, and what was left out'),
  diagram: z
    .string()
    .describe('Who imports whom, and what goes outside, as Mermaid; empty for a project without modules'),
  markdown: z.string().describe('All of it for people'),
});
export type ProjectSummary = z.output<typeof ProjectSummary>;

export const summaryTools = {
  generate_documentation_summary: defineTool({
    title: 'Summarize what a project does',
    description:
      'Documents a project of yours, or an archive that you uploaded, from its code and structure: purpose, entry points, modules and who imports whom, lab tools, network, database and files that it uses, how to run, configuration, tests, licences. Each statement cites files and lines; what could not be told is said. The same files give the same answer, unless a model is named: then it says it in its words too, where cited lines bear it out.',
    keywords: [
      'what does this code do',
      'explain a project or repository',
      'document my code',
      'overview of a codebase',
      'write a readme or documentation',
      'how do I run this project',
      'architecture diagram',
      'understand code that somebody else wrote',
      'explain this repository to me',
      'describe my project',
      'summary of my code',
      'what is this project about',
      'explain code with a language model',
    ],
    effect: 'read',
    permission: 'project:read',
    about: ['projectId'],
    input: z
      .object({
        projectId: ProjectId.optional().describe('A project of yours'),
        uploadId: UploadId.optional().describe('A project as .tar.gz that you uploaded'),
        model: ModelName.optional().describe(
          'Of list_models: code is sent to it, without secrets; needs model:use. Left out: none',
        ),
      })
      .refine(
        ({ projectId, uploadId }) => (projectId === undefined) !== (uploadId === undefined),
        'give one of projectId, uploadId',
      ),
    output: z.object({ name: z.string(), summary: ProjectSummary }),
    errors: ['not_found', 'too_large', 'unavailable'],
    timeoutMs: 180_000,
    limit: { perSecond: 2, burst: 10, concurrent: 4 },
  }),
};
