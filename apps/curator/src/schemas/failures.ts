// Why a row does not fit, in words: one line for each keyword that failed, with its place in the row.
import {
  type CompiledSchema,
  type EvaluationPlugin,
  getKeyword,
  interpret,
  type ValidationContext,
} from '@hyperjump/json-schema/experimental';
import { fromJs, value as heldBy } from '@hyperjump/json-schema/instance/experimental';

export interface Failure {
  /** JSON pointer. */
  readonly path: string;
  readonly message: string;
  /** The keyword of the schema that it breaks. */
  readonly rule: string;
}

type Context = ValidationContext & { failures?: Failures };
type Failures = Array<Failure | Failures>;
type Node = Parameters<NonNullable<EvaluationPlugin['afterKeyword']>>[0];
type Instance = Parameters<NonNullable<EvaluationPlugin['afterKeyword']>>[1];

/** Costs less than failuresOf(). */
export const fits = (compiled: CompiledSchema, value: unknown): boolean =>
  interpret(compiled, fromJs(value as never)).valid;

export function failuresOf(compiled: CompiledSchema, value: unknown): Failure[] {
  const collector = new FailureCollector();
  interpret(compiled, fromJs(value as never), { plugins: [collector] });
  return collector.failures;
}

/** Listens to one evaluation. What fails inside of something that holds all the same, such as one of `anyOf`, is not kept. */
class FailureCollector implements EvaluationPlugin<Context> {
  private found: Failures = [];

  get failures(): Failure[] {
    return flat(this.found);
  }

  afterKeyword(node: Node, instance: Instance, context: Context, valid: boolean, around: Context): void {
    if (valid) return;
    around.failures ??= [];
    if (getKeyword(node[0]).simpleApplicator !== true) around.failures.push(failureOf(node, instance));
    if (context.failures !== undefined) around.failures.push(context.failures);
  }

  afterSchema(url: string, instance: Instance, context: Context, valid: boolean): void {
    context.failures ??= [];
    if (!valid && typeof context.ast[url] === 'boolean') context.failures.push(forbidden(url, instance.pointer));
    this.found = context.failures;
  }
}

const flat = (failures: Failures): Failure[] =>
  failures.flatMap((failure) => (Array.isArray(failure) ? flat(failure) : [failure]));

function failureOf([id, , value]: Node, instance: Instance): Failure {
  const keyword = id.slice(id.lastIndexOf('/') + 1);
  const message = MESSAGES[keyword]?.(value as never, heldBy(instance)) ?? `must fit "${keyword}"`;
  return placed(instance.pointer, message, keyword);
}

/** A place that the schema `false` is for. */
function forbidden(url: string, pointer: string): Failure {
  const keyword = url.slice(url.lastIndexOf('/') + 1);
  const name = pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  switch (keyword) {
    case 'additionalProperties':
      return placed(parent(pointer), `must NOT have additional properties ("${name}")`, keyword);
    case 'unevaluatedProperties':
      return placed(parent(pointer), `must NOT have unevaluated properties ("${name}")`, keyword);
    case 'items':
    case 'unevaluatedItems':
      return placed(parent(pointer), `must NOT have more than ${count(Number(name), 'item')}`, keyword);
    default:
      return placed(pointer, 'must NOT be there', keyword);
  }
}

/** The pointer of a member's name begins with a star. */
const placed = (pointer: string, message: string, rule: string): Failure =>
  pointer.startsWith('*')
    ? {
        path: parent(pointer.slice(1)),
        message: `has the name "${lastKey(pointer)}", which ${message}`.slice(0, 500),
        rule,
      }
    : { path: pointer, message: message.slice(0, 500), rule };

const lastKey = (pointer: string): string =>
  pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');

const parent = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'));

const count = (number: unknown, unit: string): string => `${String(number)} ${unit}${number === 1 ? '' : 's'}`;
const lacking = (names: readonly string[], value: unknown): string[] =>
  names.filter((name) => !Object.hasOwn(value as object, name));

/** By keyword: `value` is what the keyword says, `held` what the row has there. */
const MESSAGES: Readonly<Record<string, ((value: never, held: unknown) => string) | undefined>> = {
  type: (value: string | string[]) => `must be ${[value].flat().join(' or ')}`,
  required: (names: string[], held) => {
    const missing = lacking(names, held).map((name) => `'${name}'`);
    return `must have required ${missing.length === 1 ? 'property' : 'properties'} ${missing.join(', ')}`;
  },
  dependentRequired: (dependencies: Array<[string, string[]]>, held) => {
    const [name, names] = dependencies.find(
      ([key, wanted]) => Object.hasOwn(held as object, key) && lacking(wanted, held).length > 0,
    ) ?? ['', []];
    return `must have ${lacking(names, held)
      .map((missing) => `'${missing}'`)
      .join(', ')} beside '${name}'`;
  },
  enum: (values: Set<string>) => `must be equal to one of the allowed values: [${[...values].join(',')}]`.slice(0, 260),
  const: (value: string) => `must be equal to ${value.slice(0, 200)}`,
  format: (name: string) => `must match format "${name}"`,
  pattern: (pattern: RegExp) => `must match pattern "${pattern.source}"`,
  multipleOf: (value: number) => `must be multiple of ${value}`,
  minimum: (value: number) => `must be >= ${value}`,
  maximum: (value: number) => `must be <= ${value}`,
  exclusiveMinimum: (value: number) => `must be > ${value}`,
  exclusiveMaximum: (value: number) => `must be < ${value}`,
  minLength: (value: number) => `must NOT have fewer than ${count(value, 'character')}`,
  maxLength: (value: number) => `must NOT have more than ${count(value, 'character')}`,
  minItems: (value: number) => `must NOT have fewer than ${count(value, 'item')}`,
  maxItems: (value: number) => `must NOT have more than ${count(value, 'item')}`,
  uniqueItems: () => 'must NOT have the same item twice',
  contains: ({ minContains, maxContains }: { minContains: number; maxContains: number }) =>
    `must hold at least ${minContains}${maxContains === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${maxContains}`} of what "contains" describes`,
  minProperties: (value: number) => `must NOT have fewer than ${count(value, 'member')}`,
  maxProperties: (value: number) => `must NOT have more than ${count(value, 'member')}`,
  anyOf: () => 'must match a schema in anyOf',
  oneOf: () => 'must match exactly one schema in oneOf',
  not: () => 'must NOT be valid',
};
