// What a template is: a folder with template.json, a README, and the files that its projects begin with. It is checked whole when it is
// read, so that whatever is on the shelf can be made a project.
import {
  AGENTS,
  AppError,
  gatewayName,
  publicTools,
  TEMPLATE_LIMITS,
  TemplateName,
  TemplateVersion,
} from '@labmesh/contracts';
import { byPath, CARD_PATH, checkedFiles, ENV_PATH, type ProjectFile, sha256Of, textOf } from '@labmesh/projects';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { compileInputs, secretsOf, TemplateInputs } from './inputs-schema.js';
import { checkTags, RENDERED } from './rendering.js';

const TOOLS: ReadonlySet<string> = new Set(publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)));
const ToolName = z
  .string()
  .refine((tool) => TOOLS.has(tool), { error: ({ input }) => `there is no tool ${String(input)}` });

/** The shape of template.json. */
export const TemplateForm = z.strictObject({
  /** Left out, its folder's. */
  name: TemplateName.optional(),
  version: TemplateVersion,
  title: z.string().min(3).max(80),
  summary: z.string().min(10).max(400),
  audience: z.string().min(3).max(200),
  /** What its projects use. */
  tools: z.array(ToolName).min(1).max(60),
  /** Of the key that a project gets; `tools` when left out. */
  toolset: z.array(ToolName).min(1).max(60).optional(),
  inputs: TemplateInputs,
  /** What to do first. */
  next: z.array(z.string().min(1).max(400)).min(1).max(10),
});
export type TemplateForm = z.infer<typeof TemplateForm>;

export interface Template {
  readonly name: string;
  readonly form: TemplateForm;
  readonly readme: string;
  /** Of a project, with the paths they have there; those of `rendered` are still to be filled in. */
  readonly files: readonly ProjectFile[];
  readonly rendered: ReadonlySet<string>;
  readonly checkInputs: ValidateFunction;
  /** All of it, as it was read: the same content is the same template. */
  readonly sha256: string;
}

/** The template of these files. @throws AppError invalid_input naming the file that is not right; too_large */
export async function templateOf(name: string, all: readonly ProjectFile[]): Promise<Template> {
  const unusable = unusableIn(name);
  if (!TemplateName.safeParse(name).success) throw unusable('', 'a template’s name is lower-case with dashes');
  checkedFiles(all);
  const form = formOf(name, all);
  const readme = textFile(name, all, 'README.md');
  if (!/^# \S/.test(readme)) throw unusable('README.md', 'it does not begin with a heading of the first level');
  if (readme.length > TEMPLATE_LIMITS.readmeCharacters)
    throw unusable('README.md', `it has more than ${TEMPLATE_LIMITS.readmeCharacters} characters`);
  const stray = all.find(({ path }) => !/^(template\.json|README\.md|files\/.+)$/.test(path));
  if (stray !== undefined) throw unusable(stray.path, 'a template has template.json, README.md and files/ alone');
  const checkInputs = await compileInputs(form.inputs);
  const { files, rendered } = projectFiles(name, all);
  for (const file of files)
    if (rendered.has(file.path)) checkTags(file, form.inputs, (why) => unusable(`files/${file.path}`, why));
  return { name, form, readme, files, rendered, checkInputs, sha256: contentHash(all) };
}

/** Paths as they are in a project. */
function projectFiles(name: string, all: readonly ProjectFile[]): Pick<Template, 'files' | 'rendered'> {
  const rendered = new Set<string>();
  const files = all.flatMap((file): ProjectFile[] => {
    if (!file.path.startsWith('files/')) return [];
    const isRendered = file.path.endsWith(RENDERED);
    const path = file.path
      .slice('files/'.length, isRendered ? -RENDERED.length : undefined)
      .replace(/(^|\/)dot-(?=[^/])/g, '$1.');
    if (isRendered) rendered.add(path);
    return [{ ...file, path }];
  });
  const readme = all.find(({ path }) => path === 'README.md');
  if (readme !== undefined && !files.some(({ path }) => path === 'README.md')) files.push(readme);
  for (const { path } of files)
    if (path === ENV_PATH || path.startsWith('.labmesh/') || path === CARD_PATH)
      throw unusableIn(name)(`files/${path}`, 'the lab makes this file itself');
  return { files: byPath(checkedFiles(files)), rendered };
}

function formOf(name: string, all: readonly ProjectFile[]): TemplateForm {
  const unusable = unusableIn(name);
  let json: unknown;
  try {
    json = JSON.parse(textFile(name, all, 'template.json'));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unusable('template.json', 'it is not valid JSON', cause);
  }
  const parsed = TemplateForm.safeParse(json);
  if (!parsed.success) throw unusable('template.json', z.prettifyError(parsed.error));
  if (parsed.data.name !== undefined && parsed.data.name !== name)
    throw unusable('template.json', `its name is ${parsed.data.name}`);
  return parsed.data;
}

function textFile(name: string, all: readonly ProjectFile[], path: string): string {
  const file = all.find((one) => one.path === path);
  const text = file === undefined ? undefined : textOf(file.bytes);
  if (text === undefined) throw unusableIn(name)(path, file === undefined ? 'it is missing' : 'it is no text');
  return text;
}

/** Of paths, modes and bytes. */
const contentHash = (all: readonly ProjectFile[]): string =>
  sha256Of(
    Buffer.from(
      byPath(all)
        .map(({ path, executable, bytes }) => `${sha256Of(bytes)} ${executable ? 'x' : '-'} ${path}\n`)
        .join(''),
    ),
  );

/** What the key of a project may use. */
export const toolsetOf = ({ toolset, tools }: TemplateForm): readonly string[] => toolset ?? tools;

/** Names of its secret inputs with the variables that bring them. */
export const templateSecrets = ({ form }: Template): ReadonlyMap<string, string> => secretsOf(form.inputs);

export const unusableIn =
  (name: string) =>
  (file: string, why: string, cause?: unknown): AppError =>
    new AppError(
      'invalid_input',
      `Cannot use the template ${name}${file === '' ? '' : `: ${file}`}: ${why}. Repair or remove it.`,
      { cause },
    );
