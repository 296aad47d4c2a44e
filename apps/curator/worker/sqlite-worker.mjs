// One SELECT on a SQLite file, in a thread of its own: SQLite works without a pause, and only ending the thread stops it.
// Knows SQLite and nothing of sources; src/sources/sqlite.ts is its other end.
import { parentPort, workerData } from 'node:worker_threads';
import sqlite from 'node-sqlite3-wasm';

const { file, query, rowsMax } = workerData;

/** SQL that reads: what else SQLite does with a read-only file (ATTACH, PRAGMA) is refused by its first word. */
const READS = /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:select|with|values)\b/i;

/** bytes have no place in a row. */
function plain(row, index) {
  for (const [column, value] of Object.entries(row))
    if (value instanceof Uint8Array)
      throw new Error(`row ${index} has bytes in the column ${column}: leave it out, or use hex(${column})`);
  return row;
}

function read() {
  if (!READS.test(query)) throw new Error('it does not begin with SELECT, WITH or VALUES');
  const database = new sqlite.Database(file, { readOnly: true, fileMustExist: true });
  try {
    database.exec('PRAGMA query_only = 1; PRAGMA trusted_schema = 0');
    const statement = database.prepare(query);
    try {
      const rows = [];
      for (const row of statement.iterate()) {
        if (rows.length >= rowsMax) throw new Error(`it gives more than ${rowsMax} rows`);
        rows.push(plain(row, rows.length));
      }
      return rows;
    } finally {
      statement.finalize();
    }
  } finally {
    database.close();
  }
}

try {
  parentPort.postMessage({ rows: read() });
} catch (error) {
  parentPort.postMessage({ refused: error instanceof Error ? error.message : 'it cannot be read' });
}
