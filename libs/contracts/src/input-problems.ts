// What is wrong with an input, in words that whoever sent it can act on. A member that no schema has is a problem too: left aside in
// silence, a mistyped filter would answer everything.
import type { z } from 'zod';
import { AppError } from './errors.js';

interface InputProblem {
  /** Its members from the outside in, with dots between; empty for the input as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Of problems, and of members that there are, so many are named. */
const PROBLEMS_MAX = 5;
const NAMED_MAX = 24;
/** Programs get more of them. */
const DETAILS_MAX = 20;

export interface Asking {
  /** As its caller knows it. */
  readonly tool: string;
  /** Members that the schema has not are left aside: an agent of another version may send what this one does not know yet. */
  readonly lenient?: boolean | undefined;
}

/**
 * The input as its schema makes it.
 * @throws AppError invalid_input that names each problem by its place
 */
export function acceptedInput<S extends z.ZodType>(schema: S, input: unknown, { tool, lenient }: Asking): z.output<S> {
  const parsed = schema.safeParse(input);
  const unknown = lenient ? [] : unknownMembers(schema as unknown as Schema, input);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const problems = [...(parsed.success ? [] : refusedMembers(parsed.error, input)), ...unknown];
  const listed = problems
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (problems.length > listed.length) listed.push(`and ${problems.length - listed.length} more`);
  throw new AppError('invalid_input', `Cannot run ${tool} with this input: ${listed.join('; ')}`, {
    details: { issues: problems.slice(0, DETAILS_MAX) },
  });
}

function refusedMembers(error: z.ZodError, input: unknown): InputProblem[] {
  return error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: isMissing(issue.path, input) ? `is missing${expected(issue)}` : said(issue),
  }));
}

/** Of a member's name it says only that it is wrong; why, say the problems within. */
const said = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message;

function isMissing(path: readonly PropertyKey[], input: unknown): boolean {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return path.length > 0 && value === undefined;
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return ` (${issue.expected})`;
  if (issue.code === 'invalid_value')
    return ` (one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')})`;
  return '';
}

/** Of a schema, what the walk needs. */
interface Schema {
  readonly def: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly catchall?: Schema;
    readonly element?: Schema;
    readonly valueType?: Schema;
    readonly innerType?: Schema;
    readonly in?: Schema;
    readonly options?: readonly Schema[];
  };
  safeParse(value: unknown): { readonly success: boolean };
}

/** Members that the schema has not, at any depth. */
function unknownMembers(schema: Schema | undefined, value: unknown): readonly InputProblem[] {
  if (schema === undefined || typeof value !== 'object' || value === null) return NONE;
  const { type, shape = {}, catchall, element, valueType, innerType, options = [], in: from } = schema.def;
  if (type === 'array' || type === 'record')
    return Object.entries(value).flatMap(([key, item]) => under(key, unknownMembers(element ?? valueType, item)));
  if (type === 'union') {
    // What fits may fit several: the one that leaves least over is meant.
    const fitting = options.filter((option) => option.safeParse(value).success);
    const left = fitting.map((option) => unknownMembers(option, value));
    return left.sort((a, b) => a.length - b.length)[0] ?? NONE;
  }
  // Optional, nullable, with a default; a pipe is as its input. What has no members inside has no unknown ones.
  if (type !== 'object') return unknownMembers(innerType ?? from, value);
  return Object.entries(value).flatMap(([key, item]) => {
    if (Object.hasOwn(shape, key)) return under(key, unknownMembers(shape[key], item));
    return catchall === undefined ? [{ path: key, message: `is unknown (there ${named(shape)})` }] : NONE;
  });
}

const NONE: readonly InputProblem[] = [];

const under = (key: string, problems: readonly InputProblem[]): readonly InputProblem[] =>
  problems.length === 0 ? NONE : problems.map(({ path, message }) => ({ path: `${key}.${path}`, message }));

function named(shape: Readonly<Record<string, Schema>>): string {
  const names = Object.keys(shape);
  if (names.length === 0) return 'are none';
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : '';
  return `${names.length === 1 ? 'is' : 'are'} ${names.slice(0, NAMED_MAX).join(', ')}${more}`;
}
