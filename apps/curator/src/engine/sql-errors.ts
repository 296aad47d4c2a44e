// What is wrong with a caller's SQL, with the line and column where it is, and what may help.
import { AppError } from '@labmesh/contracts';

/** Counted from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function badSql(why: string, place?: Place, hint?: string): AppError {
  const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
  const said = why.replace(/[.!]?\s*$/, '');
  return new AppError('invalid_input', `Cannot run the SQL: ${said}${where}.${hint === undefined ? '' : ` ${hint}`}`, {
    details: { ...place, ...(hint === undefined ? {} : { hint }) },
  });
}

/** Of a place in the bytes of the text, counted after its first `from` characters; undefined when it is none. */
export function placeOfByte(sql: string, byte: number, from = 0): Place | undefined {
  const bytes = Buffer.from(sql.slice(from));
  if (!Number.isSafeInteger(byte) || byte < 0 || byte > bytes.length) return undefined;
  return placeOf(`${sql.slice(0, from)}${bytes.subarray(0, byte).toString()}`);
}

/** Of what comes after the text. */
function placeOf(before: string): Place {
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

/** DuckDB's words: what it says, and below the line in question with a mark under the place. */
const SAID =
  /^(?<kind>[\w -]*Error): (?<what>[\s\S]*?)(?:\n\n(?<shown>LINE (?<line>\d+): (?<text>.*)\n(?<mark> *)\^[\s\S]*))?$/;

const HINTS: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /Referenced column|not found in FROM|does not have a column/,
    'DESCRIBE with the name of a table lists its columns.',
  ],
  [/timestamp field format/, 'iso_time(x) reads every ISO 8601 time, such as 2017-09-04T18:05Z.'],
  [/Could not convert|Conversion/, 'TRY_CAST gives NULL where a value cannot be converted.'],
  [/must appear in the GROUP BY/, 'Group by it, or take any_value() of it.'],
  [/No function matches|Cannot compare|explicit type cast/, 'Cast the values: CAST(x AS DOUBLE), or x::TIMESTAMP.'],
  [/Values were not provided|parameter/, 'Give a value for each of ?, $1 or $name in "parameters".'],
];

/** What DuckDB threw over a caller's SQL, without the paths of the tables. */
export function sqlError(message: string, sql: string): AppError {
  const { kind = '', what = message, line, text, mark, shown } = SAID.exec(message)?.groups ?? {};
  if (kind.startsWith('Out of Memory'))
    return new AppError(
      'too_large',
      'Cannot run the SQL: it needs more memory than a query may have, and cannot spill. Filter or aggregate first.',
    );
  const [head = '', ...more] = what.replaceAll(/'?\/[^\s']*\.parquet'?/g, 'the table').split('\n');
  const first = head.replace(/[.!]\s*$/, '');
  const said = [first, ...more.filter((rest) => /^(Candidate|Did you mean)/.test(rest))].join('. ').slice(0, 400);
  const hint = HINTS.find(([pattern]) => pattern.test(message))?.[1];
  if (shown === undefined || text === undefined || mark === undefined) return badSql(said, undefined, hint);
  return badSql(
    said,
    placeOfMark(sql, { line: Number(line), text, mark: mark.length - `LINE ${line}: `.length }),
    hint,
  );
}

/** DuckDB shows a part of a long line, with dots where it is cut. */
function placeOfMark(sql: string, { line, text, mark }: { line: number; text: string; mark: number }): Place {
  const whole = sql.split('\n')[line - 1] ?? '';
  const cut = text.startsWith('...') ? 3 : 0;
  const part = text.slice(cut).replace(/\.\.\.$/, '');
  const at = Math.max(0, whole.indexOf(part));
  return { line, column: Math.max(1, [...whole.slice(0, at)].length + mark - cut + 1) };
}
