// What a task asks of DuckDB while it has its turn: an instance in memory of its own, and a folder that is gone afterwards.
import type { EngineProcess, Told } from './engine-process.js';
import type { CsvLinesTask, CsvShape, Header, JsonShape, Query, StreamedQuery, WireRow } from './wire.js';

export class EngineSession {
  constructor(
    private readonly process: EngineProcess,
    /** Private, and without quotes in its name. */
    readonly folder: string,
  ) {}

  /** @throws EngineError in DuckDB's words; so do the others. */
  async run(sql: string): Promise<void> {
    await this.process.ask('run', { sql });
  }

  /** All rows of a short answer. */
  async all(query: Query | string): Promise<WireRow[]> {
    return (await this.process.ask('all', typeof query === 'string' ? { sql: query } : query)) as WireRow[];
  }

  /** The columns of an answer, and its rows by the portion. One at a time. */
  async stream(query: StreamedQuery | string): Promise<Header & { readonly portions: AsyncIterable<WireRow[]> }> {
    const task = typeof query === 'string' ? { sql: query } : query;
    const header = (await this.process.ask('stream', task)) as Header;
    return { ...header, portions: this.#portions() };
  }

  /** What an Arrow file says of itself, and its rows by the portion. */
  async arrow<T>(file: string): Promise<T & { readonly portions: AsyncIterable<WireRow[]> }> {
    const header = (await this.process.ask('readArrow', { file })) as T;
    return { ...header, portions: this.#portions() };
  }

  /** Writes rows, which are lists in the order of the columns. */
  async writeArrow(task: {
    file: string;
    columns: readonly object[];
    metadata: object;
    rows: readonly unknown[][];
  }): Promise<void> {
    await this.process.ask('writeArrow', task);
  }

  /** What the beginning of a file of JSON lines holds. */
  async look(file: string, limit: number): Promise<JsonShape> {
    return (await this.process.ask('look', { file, limit })) as JsonShape;
  }

  /** Runs a statement and looks at every byte of the file meanwhile. `problem`: what DuckDB says of the statement. */
  async scanBeside(
    file: string,
    sql: string | undefined,
    progress?: (told: Told) => void,
  ): Promise<JsonShape & { readonly problem?: string }> {
    this.process.onTold = progress;
    try {
      return (await this.process.ask('scanBeside', { file, sql })) as JsonShape & { problem?: string };
    } finally {
      this.process.onTold = undefined;
    }
  }

  /** Writes a JSON list as lines. False for a file that begins with an object: it is lines already. */
  async jsonLines(file: string, target: string): Promise<boolean> {
    return (await this.process.ask('jsonLines', { file, target })) === true;
  }

  /** What the cells of a file of CSV or TSV may be. */
  async csvShape(file: string, separator: string): Promise<CsvShape> {
    return (await this.process.ask('csvShape', { file, separator })) as CsvShape;
  }

  /** Writes a file of CSV or TSV as JSON lines, and answers how many. */
  async csvLines(task: CsvLinesTask): Promise<number> {
    return Number(await this.process.ask('csvLines', task));
  }

  async *#portions(): AsyncGenerator<WireRow[], void, void> {
    for (;;) {
      const rows = (await this.process.ask('next')) as WireRow[];
      if (rows.length === 0) return;
      yield rows;
    }
  }
}

/** A text as an SQL literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as an SQL identifier. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
