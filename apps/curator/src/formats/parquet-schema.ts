// What a Parquet file says of its columns beyond what DuckDB makes of them: DuckDB renames columns, and cuts some values, without a word.
// Such a column is read another way, or refused by its name.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

/** A column of the file. */
export interface FileColumn {
  /** As the file has it. */
  readonly name: string;
  /** What holds its values: itself, or what its lists and structs hold, in the order of the file. */
  readonly leaves: readonly Leaf[];
}

export interface Leaf {
  /** Times are in UTC, although DuckDB takes them for local ones (see inLocalTime). */
  readonly utc: boolean;
  /** Texts are JSON. */
  readonly json: boolean;
}

/** Ask for these of DuckDB's parquet_schema(), in this order. */
export const ELEMENT_FIELDS = 'name, coalesce(num_children, 0), type, logical_type, precision, duckdb_type';

const Element = z
  .tuple([
    z.string(),
    z.bigint(),
    z.string().nullable(),
    z.string().nullable(),
    z.bigint().nullable(),
    z.string().nullable(),
  ])
  .transform(([name, children, physical, logical, precision, type]) => ({
    name,
    children: Number(children),
    physical,
    logical: logical ?? '',
    precision: precision ?? 0n,
    type,
  }));
type Element = z.infer<typeof Element>;

/** @throws AppError unsupported_format or invalid_input for a column that cannot be read as it is. */
export function fileColumns(schema: readonly (readonly unknown[])[]): FileColumn[] {
  const walk = new Walk(Element.array().parse(schema));
  const columns = walk.columns();
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) throw badColumn(name, 'two columns have this name; rename one', { code: 'invalid_input' });
    names.add(name);
  }
  return columns;
}

export const badColumn = (
  name: string,
  why: string,
  {
    code = 'unsupported_format',
    format = 'Parquet',
  }: { code?: 'invalid_input' | 'unsupported_format'; format?: string } = {},
): AppError => new AppError(code, `Cannot read the ${format} column "${name.slice(0, 200)}": ${why}.`);

class Walk {
  private next = 0;

  constructor(private readonly elements: readonly Element[]) {}

  columns(): FileColumn[] {
    const root = this.take();
    return Array.from({ length: root.children }, () => {
      const name = this.elements[this.next]?.name ?? '';
      const leaves: Leaf[] = [];
      this.gather(name, leaves);
      return { name, leaves };
    });
  }

  /** Takes one element and all below it. */
  private gather(column: string, leaves: Leaf[]): void {
    const element = this.take();
    if (element.physical !== null) {
      leaves.push(leafOf(element, column));
      return;
    }
    const names = new Map<string, string>();
    for (let child = 0; child < element.children; child += 1) {
      const name = this.elements[this.next]?.name ?? '';
      if (name === '') throw badColumn(column, 'one of its fields has no name; name it');
      const twin = names.get(lowerAscii(name));
      if (twin !== undefined) throw badColumn(column, `two of its fields are "${twin}" and "${name}"; rename one`);
      names.set(lowerAscii(name), name);
      this.gather(column, leaves);
    }
  }

  private take(): Element {
    const element = this.elements[this.next];
    if (element === undefined)
      throw new AppError('invalid_input', 'Cannot read the Parquet file: its schema is damaged.');
    this.next += 1;
    return element;
  }
}

/** As DuckDB compares names. */
export const lowerAscii = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function leafOf({ physical, logical, precision, type }: Element, column: string): Leaf {
  const nanos = logical.includes('NANOS=NanoSeconds');
  if (precision > 38n)
    throw badColumn(column, `its DECIMAL has ${precision} digits, and 38 is the most; write it as text`);
  if (physical === 'INT96')
    throw badColumn(column, 'its times are INT96, which is outdated; write them as TIMESTAMP (microseconds)');
  if (nanos && logical.startsWith('TimeType'))
    throw badColumn(column, 'its times of day are in nanoseconds; write them in microseconds');
  return { utc: nanos && logical.includes('isAdjustedToUTC=1'), json: type === 'JSON' };
}

// A TIMESTAMP in nanoseconds and UTC, and one in local time, as the footer of every Parquet file spells them (Thrift, compact protocol).
const NANOS_UTC = Buffer.from('8c111c3c00000000', 'hex');
const NANOS_LOCAL = Buffer.from('8c121c3c00000000', 'hex');

/**
 * The file with its UTC timestamps in nanoseconds declared local: DuckDB reads those to the nanosecond, and cuts the others to
 * microseconds. Undefined when not all of them are found.
 */
export function inLocalTime(bytes: Uint8Array, columns: readonly FileColumn[]): Buffer | undefined {
  const wanted = columns.flatMap(({ leaves }) => leaves).filter(({ utc }) => utc).length;
  const file = Buffer.from(bytes);
  const footer = file.subarray(Math.max(0, file.length - 8 - file.readUInt32LE(file.length - 8)));
  let found = 0;
  for (let at = footer.indexOf(NANOS_UTC); at !== -1; at = footer.indexOf(NANOS_UTC, at + 1)) {
    NANOS_LOCAL.copy(footer, at);
    found += 1;
  }
  return found === wanted ? file : undefined;
}
