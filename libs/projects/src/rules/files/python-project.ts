// pyproject.toml (PEP 517, 518, 621, 735) and requirements files, as pip reads them.
import { z } from 'zod';
import type { Project, TextFile } from '../project/project.js';
import type { Found, Rule } from '../rule.js';
import { readRequirement, requirementLines } from './requirement.js';
import { FILES, shapeRule } from './shape.js';

const Requirement = z
  .string('must be a text')
  .refine((text) => readRequirement(text) !== undefined, 'is no requirement, such as numpy>=2,<3');
const Requirements = z.array(Requirement, 'must be a list of requirements');
const Texts = z.record(z.string(), z.string('must be a text'), 'must be a table of texts');

const ProjectTable = z
  .looseObject(
    {
      name: z
        .string('is missing, or no text')
        .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'must be letters, digits, dots, dashes and underscores'),
      version: z.string('must be a text').optional(),
      dynamic: z.array(z.string(), 'must be a list of names').optional(),
      'requires-python': z.string('must be a text').optional(),
      dependencies: Requirements.optional(),
      'optional-dependencies': z.record(z.string(), Requirements, 'must be a table of lists').optional(),
      scripts: Texts.optional(),
    },
    'must be a table',
  )
  .refine(({ version, dynamic }) => version !== undefined || dynamic?.includes('version') === true, {
    error: 'needs a version, or "version" in dynamic',
  });

const Pyproject = z.looseObject({
  project: ProjectTable.optional(),
  'build-system': z
    .looseObject({ requires: Requirements, 'build-backend': z.string('must be a text').optional() }, 'must be a table')
    .optional(),
  'dependency-groups': z
    .record(
      z.string(),
      z.array(z.union([Requirement, z.object({ 'include-group': z.string() })])),
      'must be a table of lists',
    )
    .optional(),
  tool: z.record(z.string(), z.unknown(), 'must be a table').optional(),
});

export const pyproject = shapeRule({
  id: 'pyproject',
  title: 'pyproject.toml is not as Python’s packaging wants it',
  files: /(^|\/)pyproject\.toml$/,
  schema: Pyproject,
  see: 'https://packaging.python.org/en/latest/specifications/pyproject-toml/',
});

const OPTIONS =
  /^(-r|--requirement|-c|--constraint|-e|--editable|-i|--index-url|--extra-index-url|--no-index|-f|--find-links|--no-binary|--only-binary|--prefer-binary|--require-hashes|--pre|--trusted-host|--use-feature)([= ]|$)/;

/** Where a path that a file names leads; undefined outside of the project. */
function pathFrom(file: TextFile, named: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${file.folder}${named}`.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function* inRequirements(file: TextFile, project: Project): Generator<Found> {
  const remedy = 'See https://pip.pypa.io/en/stable/reference/requirements-file-format/';
  for (const { text, line } of requirementLines(file)) {
    const [, named] = /^(?:-r|--requirement|-c|--constraint)[= ]?\s*(\S+)/.exec(text) ?? [];
    if (named !== undefined && !/^[a-z]+:\/\//.test(named) && !project.paths.has(pathFrom(file, named) ?? ''))
      yield {
        path: file.path,
        line,
        message: `${named} is not there.`,
        remedy: `Add ${named}, or take out this line.`,
      };
    else if (text.startsWith('-') ? !OPTIONS.test(text) : readRequirement(text) === undefined)
      yield {
        path: file.path,
        line,
        message: 'This is no requirement: a name, then ==, >= or the like, then a version.',
        remedy,
      };
  }
}

export const REQUIREMENTS = /(^|\/)(requirements[^/]*\.(txt|in)|requirements\/[^/]+\.(txt|in)|constraints[^/]*\.txt)$/;

export const requirements: Rule = {
  id: 'requirements',
  family: FILES,
  severity: 'error',
  title: 'A requirements file has a line that pip does not understand, or names a file that is not there',
  *look(project) {
    for (const file of project.named(REQUIREMENTS)) yield* inRequirements(file, project);
  },
};
