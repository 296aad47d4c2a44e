// Has the database keep the plan of a statement that comes again: reading and planning one often takes longer than running it,
// embedded most of all. Whoever asks needs to know nothing of it. What is asked without values goes as it is: it may be several.
import pg from 'pg';

/** A text is worth a plan that is kept once it came so often. */
const USES = 3;
/** Kept plans take memory, in each connection of a server. Statements beyond go as they would without this. */
const MOST_NAMES = 256;
const MOST_COUNTED = 1_000;
/** Longer ones are lists of values, which hardly come twice. */
const LONGEST = 8_192;

/** Of the texts that a pool was asked: which have a name, the same on each of its connections. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  #made = 0;

  /** Undefined for one that is not kept (yet). */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= MOST_NAMES || text.length > LONGEST) return name;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses >= USES) {
      this.#uses.delete(text);
      return this.renew(text);
    }
    // Texts that never come again must not be in the way of those that do.
    if (this.#uses.size >= MOST_COUNTED) this.#uses.clear();
    this.#uses.set(text, uses);
    return undefined;
  }

  /** Under another name from now on: what is kept under the last one is of no use any more. */
  renew(text: string): string {
    this.#made += 1;
    const name = `labmesh_${this.#made}`;
    this.#names.set(text, name);
    return name;
  }
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The driver's client, whose `query` is declared in ten forms, by what they have in common. */
type PlainClient = new () => Pick<pg.Client, 'getTransactionStatus'> & { query(...asked: unknown[]): unknown };
type Answered = (error: Error | null, result?: unknown) => void;

/** The driver's client, which asks by `names`. */
export const preparingClient = (names: StatementNames): typeof pg.Client =>
  class extends (pg.Client as unknown as PlainClient) {
    override query(asked: unknown, given?: unknown, last?: unknown): unknown {
      const [values, callback] = typeof given === 'function' ? [undefined, given] : [given, last];
      const statement = statementOf(asked, values);
      const name = statement && names.nameOf(statement.text);
      if (statement === undefined || name === undefined) return super.query(asked, given, last);
      const answer = this.#ask(statement, name);
      if (typeof callback !== 'function') return answer;
      answer.then(
        (result) => (callback as Answered)(null, result),
        (error: Error) => (callback as Answered)(error),
      );
      return undefined;
    }

    async #ask(statement: Statement, name: string): Promise<unknown> {
      try {
        return await super.query({ ...statement, name });
      } catch (error) {
        if (!isOutdated(error)) throw error;
        const other = names.renew(statement.text);
        // It was refused before it began. In a transaction nothing can be asked after a refusal.
        if (this.getTransactionStatus() !== 'I') throw error;
        return await super.query({ ...statement, name: other });
      }
    }
  } as unknown as typeof pg.Client;

/** Undefined: not a plain statement with values, or one that has a name already. */
function statementOf(asked: unknown, given: unknown): Statement | undefined {
  const statement = (typeof asked === 'string' ? { text: asked, values: given } : asked) as Asked;
  const { text, values, name, submit } = statement;
  const isPlain = typeof text === 'string' && Array.isArray(values) && name === undefined && submit === undefined;
  return isPlain && values.length > 0 ? (statement as Statement) : undefined;
}

/** `submit`: a query of a class of its own, which sends itself. */
type Asked = Readonly<Partial<Record<'text' | 'values' | 'name' | 'submit', unknown>>>;

/** What a statement answers has changed its columns' number or types since it was planned: a migration did that. */
const isOutdated = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: string }).code === '0A000' && error.message.includes('cached plan');
