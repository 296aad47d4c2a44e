// One task's DuckDB: an instance in memory with a folder of its own. It reaches no file beyond that folder and those that it was
// told, no network and no extension, and nothing can change that once it is open.
import { duckdb } from './decoder.mjs';
import { bindParameters, plainType, plainValue, weightOf } from './values.mjs';

/** Rows in one message, and about how many bytes. */
const ROWS_MAX = 2_048;
const BYTES_MAX = 4 * 1024 * 1024;

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const list = (texts) => `[${texts.map(quoted).join(', ')}]`;

export class Session {
  #instance;
  #connection;
  #statement;
  #result;
  #types = [];
  /** Rows still to pass over, and to give. */
  #passOver = 0;
  #left = 0;
  /** DuckDB's portion at work, and the row in it. */
  #vectors = { rows: 0, of: [] };
  #at = 0;

  static async open({ folder, files, memory, threads }) {
    const opened = new Session();
    opened.#instance = await duckdb.DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: memory,
    });
    opened.#connection = await opened.#instance.connect();
    for (const setting of [
      'autoinstall_known_extensions = false',
      'autoload_known_extensions = false',
      `TimeZone = 'UTC'`,
      `temp_directory = ${quoted(`${folder}/spill`)}`,
      `allowed_directories = ${list([`${folder}/`])}`,
      `allowed_paths = ${list(files)}`,
      'enable_external_access = false',
      'lock_configuration = true',
    ]) {
      await opened.#connection.run(`SET ${setting}`);
    }
    return opened;
  }

  async run(sql) {
    await this.#connection.run(sql);
  }

  /** All rows of a short answer. */
  async all({ sql, parameters }) {
    const statement = await this.#connection.prepare(sql);
    try {
      bindParameters(statement, parameters);
      const reader = await statement.runAndReadAll();
      const types = reader.columnTypes().map(plainType);
      return reader.getRows().map((row) => row.map((value, index) => plainValue(value, types[index])));
    } finally {
      statement.destroySync();
    }
  }

  /** Begins to answer; `skip` rows are passed over, `limit` at most are given by next(). */
  async stream({ sql, parameters, skip = 0, limit = Number.POSITIVE_INFINITY }) {
    this.#endStream();
    this.#statement = await this.#connection.prepare(sql);
    bindParameters(this.#statement, parameters);
    this.#result = await this.#statement.stream();
    this.#types = this.#result.columnTypes().map(plainType);
    this.#left = limit;
    this.#passOver = skip;
    this.#vectors = { rows: 0, of: [] };
    this.#at = 0;
    return { names: this.#result.columnNames(), types: this.#types };
  }

  /** Some rows more, or none when there are no more. */
  async next() {
    const rows = [];
    for (let bytes = 0; this.#left > 0 && rows.length < ROWS_MAX && bytes < BYTES_MAX; this.#left -= 1) {
      while (this.#at >= this.#vectors.rows) if (!(await this.#fetch())) return rows;
      const row = this.#vectors.of.map((vector, index) => plainValue(vector.getItem(this.#at), this.#types[index]));
      this.#at += 1;
      rows.push(row);
      for (const value of row) bytes += weightOf(value);
    }
    return rows;
  }

  /** DuckDB's next portion, without the rows to be passed over. */
  async #fetch() {
    const chunk = await this.#result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return false;
    const of = Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnVector(index));
    this.#vectors = { rows: chunk.rowCount, of };
    this.#at = Math.min(this.#passOver, chunk.rowCount);
    this.#passOver -= this.#at;
    return true;
  }

  /** What it holds is no memory of JavaScript's, which would not collect it before there is too much. */
  #endStream() {
    this.#statement?.destroySync();
    this.#statement = undefined;
    this.#result = undefined;
    this.#vectors = { rows: 0, of: [] };
  }

  interrupt() {
    this.#connection.interrupt();
  }

  close() {
    this.#endStream();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
