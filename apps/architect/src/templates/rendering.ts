// Fills in a template's files: the same values are the same bytes. A tag of an unknown name is an error, never an empty text; a value is
// written as the kind of file wants it, and never ends the string that it stands in.
import { AppError } from '@labmesh/contracts';
import { type ProjectFile, textOf } from '@labmesh/projects';
import Mustache from 'mustache';
import { type InputValues, secretsOf, type TemplateInputs } from './inputs-schema.js';

/** Files of this ending are filled in, and lose it. */
export const RENDERED = '.mustache';

export interface ProjectValues {
  readonly project: { readonly id: string; readonly name: string; readonly python: string };
  readonly wallet: { readonly id: string };
  readonly lab: { readonly url: string; readonly mcpUrl: string };
  readonly template: { readonly name: string; readonly version: string };
  /** Without secrets. */
  readonly inputs: InputValues;
}

const KNOWN = new Set([
  'project.id',
  'project.name',
  'project.python',
  'wallet.id',
  'lab.url',
  'lab.mcpUrl',
  'template.name',
  'template.version',
]);

/** The name as a module's in Python. */
export const pythonName = (name: string): string => name.replaceAll('-', '_').replace(/^(?=\d)/, 'p');

/** Every tag of a file names something that there is. `wrong` makes the error of what is not right. */
export function checkTags(file: ProjectFile, inputs: TemplateInputs, wrong: (why: string) => AppError): void {
  const text = textOf(file.bytes);
  if (text === undefined) throw wrong('it is no text, so nothing can be filled in');
  let tokens: Token[];
  try {
    tokens = Mustache.parse(text) as Token[];
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : 'its tags do not match');
  }
  const secrets = secretsOf(inputs);
  walk(tokens, ([kind, name]) => {
    if (kind === 'text' || kind === '!') return;
    if (kind === '&' || kind === '{') throw wrong(`{{{${name}}}} would be written as it is; write {{${name}}}`);
    if (kind !== 'name' && kind !== '#' && kind !== '^') throw wrong(`the tag {{${kind}${name}}} is not for templates`);
    const input = name.startsWith('inputs.') ? name.slice('inputs.'.length) : undefined;
    if (input !== undefined && secrets.has(input)) throw wrong(`{{${name}}} is a secret, which is written in no file`);
    if (!KNOWN.has(name) && (input === undefined || !Object.hasOwn(inputs.properties, input)))
      throw wrong(`{{${name}}} names nothing that there is`);
    const optional =
      input !== undefined &&
      inputs.properties[input]?.default === undefined &&
      inputs.required?.includes(input) !== true;
    if (optional && kind === 'name' && !guarded(tokens, name))
      throw wrong(
        `{{${name}}} may be left out: give the input a default, require it, or write it within {{#${name}}}…{{/${name}}}`,
      );
  });
}

/** A name, tag and position each; a section has its own tokens. */
type Token = [kind: string, name: string, from: number, to: number, inner?: Token[]];

function walk(tokens: readonly Token[], visit: (token: Token) => void): void {
  for (const token of tokens) {
    visit(token);
    if (Array.isArray(token[4])) walk(token[4], visit);
  }
}

/** Every use of the name stands in a section of that name. */
function guarded(tokens: readonly Token[], name: string): boolean {
  return tokens.every(([kind, own, , , inner]) => {
    if (kind === 'name') return own !== name;
    if (kind === '#' && own === name) return true;
    return inner === undefined || guarded(inner, name);
  });
}

/** @throws AppError invalid_input for a value that this kind of file cannot hold */
export function renderFile(file: ProjectFile, values: ProjectValues): ProjectFile {
  const text = textOf(file.bytes) ?? '';
  const written = escapeFor(file.path);
  const filled = new Mustache.Writer().render(
    text,
    view(values),
    {},
    { escape: (value: unknown) => written(String(value)) },
  );
  return { ...file, bytes: Buffer.from(filled) };
}

/** A section over a text or number shows its content once, with the same names in it. */
function view(values: ProjectValues): object {
  return { ...values, inputs: Object.fromEntries(Object.entries(values.inputs)) };
}

const IN_DOUBLE_QUOTES = /\.(json|ipynb|ya?ml|toml|py|[cm]?[jt]sx?)$/;
const AS_MARKUP = /\.(html?|xml|svg)$/;
const AS_IT_IS = /\.(md|txt|rst)$/;

function escapeFor(path: string): (value: string) => string {
  // The template writes the quotes; JSON's escapes mean the same in YAML, TOML, Python and TypeScript.
  if (IN_DOUBLE_QUOTES.test(path)) return (value) => JSON.stringify(value).slice(1, -1).replaceAll('\u007f', '\\u007f');
  if (AS_MARKUP.test(path)) return (value) => Mustache.escape(value);
  if (AS_IT_IS.test(path)) return (value) => value;
  // What a shell, Docker or make reads: nothing that any of them acts on.
  return (value) => {
    if (/^[\p{L}\p{N} _.:/@%+,=~-]*$/u.test(value)) return value;
    throw new AppError(
      'invalid_input',
      `Cannot write a value into ${path}: ${JSON.stringify(value.slice(0, 40))} holds what a shell would act on. Use letters, digits and _ . : / @ % + , = ~ - alone.`,
    );
  };
}
