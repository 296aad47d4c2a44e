// What the engine's process and the Curator say to each other: plain values that structured clone carries exactly.

/** null, truth value, number, integer of 64 bits and more, text, bytes, list; see worker/engine/values.mjs for what each type becomes. */
export type WireValue = null | boolean | number | bigint | string | Uint8Array | readonly WireValue[];
export type WireRow = readonly WireValue[];

/** A DuckDB type by its SQL name, and what is inside of it. */
export interface WireType {
  readonly name: string;
  /** Of a list, an array or a map. */
  readonly valueType?: WireType;
  readonly keyType?: WireType;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly WireType[];
  readonly memberTags?: readonly string[];
  readonly memberTypes?: readonly WireType[];
}

export type Parameter = null | boolean | number | string;
/** Values of `?` and `$1` in their order, or of `$name` by name. */
export type Parameters = readonly Parameter[] | Readonly<Record<string, Parameter>>;

export interface OpenTask {
  /** Where the task may read, write and spill. */
  readonly folder: string;
  /** Files outside of it that it may read. */
  readonly files: readonly string[];
  /** As DuckDB has it, such as `256MB`. */
  readonly memory: string;
  readonly threads: number;
}

export interface Query {
  readonly sql: string;
  readonly parameters?: Parameters | undefined;
}

export interface StreamedQuery extends Query {
  /** Rows to pass over. */
  readonly skip?: number;
  /** Most rows to give. */
  readonly limit?: number;
}

export interface Header {
  readonly names: readonly string[];
  readonly types: readonly WireType[];
}

/** Values of each kind in a column of JSON lines. */
export interface JsonColumn {
  readonly name: string;
  /** Rows that have it. */
  readonly seen: number;
  readonly strings: number;
  readonly integers: number;
  readonly fractions: number;
  readonly booleans: number;
  readonly nulls: number;
  /** Lists and objects. */
  readonly nested: number;
  readonly lists: number;
}

/** What all cells of a column of CSV may be; see worker/engine/csv-lines.mjs. */
export interface CsvColumn {
  readonly name: string;
  /** Cells that are neither empty nor the bare word null. */
  readonly texts: number;
  readonly empties: number;
  readonly words: number;
  /** Some cell stands in quotes. */
  readonly quoted: boolean;
  readonly booleans: boolean;
  readonly numbers: boolean;
  readonly integers: boolean;
  /** Each is JSON; and each is a list or an object; and some are one, or a JSON text. */
  readonly json: boolean;
  readonly nested: boolean;
  readonly someNested: boolean;
  /** Numbers that a double may not hold. */
  readonly suspects: readonly string[];
}

export interface CsvShape {
  readonly rows: number;
  readonly columns: readonly CsvColumn[];
}

export interface CsvLinesTask {
  readonly file: string;
  readonly separator: string;
  readonly target: string;
  readonly columns: ReadonlyArray<{
    readonly name: string;
    readonly type: string;
    readonly absent: boolean;
    readonly nullable: boolean;
  }>;
}

export interface JsonShape {
  readonly rows: number;
  /** Of the longest line, bytes. */
  readonly longest: number;
  readonly columns: readonly JsonColumn[];
  /** Numbers that a double may not hold, as they are written. `integer`: a whole number that is all of a value. */
  readonly suspects: ReadonlyArray<{
    readonly row: number;
    readonly column: string;
    readonly text: string;
    readonly integer: boolean;
  }>;
}
