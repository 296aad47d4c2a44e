// What a template asks, from the words of a command line. A secret is never one of these words: it comes from a file, from the
// environment, or is typed unseen.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { type JsonSchema, kindText, propertiesOf, requiredOf } from '../arguments/schema.js';
import { typedArguments, typedValue } from '../arguments/typed-arguments.js';
import type { Host } from '../host.js';
import { printable } from '../output/failure-text.js';
import { hiddenLine, isTerminal, shownLine } from '../output/terminal-line.js';

export type Inputs = Record<string, string | number | boolean>;

interface Asked {
  readonly schema: JsonSchema;
  /** `name=value` words. */
  readonly given: readonly string[];
  readonly host: Pick<Host, 'stdin' | 'stderr' | 'signal' | 'cwd' | 'env'>;
}

/** @throws AppError invalid_input for what the template does not ask, for a secret in a word, and for all that is missing */
export async function inputsOf({ schema, given, host }: Asked): Promise<Inputs> {
  const properties = propertiesOf(schema);
  const secrets = new Set(Object.keys(properties).filter((name) => properties[name]?.writeOnly === true));
  const named = given.map((pair) => ({ pair, name: pair.split('=', 1)[0] ?? '' }));
  const plain = named.filter(({ name }) => !secrets.has(name)).map(({ pair }) => pair);
  const inputs = (await typedArguments(plain, { schema, cwd: host.cwd })) as Inputs;
  for (const { pair, name } of named) if (secrets.has(name)) inputs[name] = await secretIn(pair, name, host.cwd);
  const missing: Missing[] = [];
  for (const name of requiredOf(schema)) {
    const property = properties[name] ?? {};
    if (inputs[name] !== undefined || property.default !== undefined) continue;
    const variable = typeof property['x-env'] === 'string' ? property['x-env'] : undefined;
    const secret = secrets.has(name);
    const set = secret && variable !== undefined ? host.env[variable] : undefined;
    if (set) inputs[name] = set;
    else missing.push({ name, property, secret, variable });
  }
  if (missing.length > 0 && !isTerminal(host)) throw nobodyToAsk(missing);
  for (const one of missing) inputs[one.name] = one.secret ? await askSecret(one, host) : await askPlain(one, host);
  return inputs;
}

interface Missing {
  readonly name: string;
  readonly property: JsonSchema;
  readonly secret: boolean;
  /** That brings a secret. */
  readonly variable: string | undefined;
}

const meaningOf = ({ property }: Missing): string =>
  typeof property.description === 'string' ? property.description : kindText(property);

const howToGive = ({ name, secret, variable }: Missing): string =>
  secret ? `--input ${name}=@file${variable === undefined ? '' : `, or set ${variable}`}` : `--input ${name}=…`;

const nobodyToAsk = (missing: readonly Missing[]): AppError =>
  new AppError(
    'invalid_input',
    `Nothing was made: the template asks for ${missing.map(({ name }) => name).join(', ')}. ${missing
      .map((one) => `${one.name} (${one.secret ? 'a secret, ' : ''}${meaningOf(one)}): ${howToGive(one)}`)
      .join('; ')}`,
  );

const askSecret = (one: Missing, host: Asked['host']): Promise<string> =>
  hiddenLine(host, { ask: `${one.name}, ${meaningOf(one)}`, instead: howToGive(one) });

/** Until it is a value of its kind. Ctrl-C ends it. */
async function askPlain(one: Missing, host: Asked['host']): Promise<string | number | boolean> {
  const { name, property } = one;
  const choices = Array.isArray(property.enum) ? ` [${property.enum.join(', ')}]` : '';
  for (;;) {
    const text = (
      await shownLine(host, { ask: `${name}, ${meaningOf(one)}${choices}`, instead: howToGive(one) })
    ).trim();
    if (text === '') continue;
    try {
      const value = typedValue(name, text, property) as string | number | boolean;
      if (!Array.isArray(property.enum) || property.enum.includes(value)) return value;
      host.stderr.write(`It is one of ${property.enum.join(', ')}.\n`);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
      host.stderr.write(`${printable(error.message)}\n`);
    }
  }
}

async function secretIn(pair: string, name: string, cwd: string): Promise<string> {
  const text = pair.slice(name.length + 1);
  if (!text.startsWith('@'))
    throw new AppError(
      'invalid_input',
      `${name} is a secret, which does not go into a command line: give it as --input ${name}=@file, or be asked.`,
    );
  try {
    return (await readFile(resolve(cwd, text.slice(1)), 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${name} from "${text.slice(1)}": ${(cause as Error).message}`, {
      cause,
    });
  }
}
