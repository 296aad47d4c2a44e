// The first rows of a text that somebody is about to submit. For the eye only: the lab reads the data itself, strictly.
import type { Row } from '../dataset.js';

const ROWS = 5;

/** Rows where the text can be read as such; else its first lines. */
export type Preview = { readonly rows: readonly Row[] } | { readonly text: string };

/** @param whole whether the text is all of the file: half of a JSON document is none */
export function previewOf(format: string, text: string, whole: boolean): Preview {
  const rows = rowsIn(format, text, whole);
  return rows === undefined || rows.length === 0 ? { text: text.slice(0, 1_200) } : { rows };
}

function rowsIn(format: string, text: string, whole: boolean): readonly Row[] | undefined {
  switch (format) {
    case 'csv':
      return csvRows(text, { whole, between: ',' });
    case 'tsv':
      return csvRows(text, { whole, between: '\t' });
    case 'json':
      return whole ? jsonRows(text) : undefined;
    case 'ndjson':
      return lineRows(text, whole);
    default:
      return undefined;
  }
}

function lineRows(text: string, whole: boolean): Row[] | undefined {
  const lines = text.split('\n');
  const complete = (whole ? lines : lines.slice(0, -1)).filter((line) => line.trim() !== '').slice(0, ROWS);
  const rows = complete.map((line) => jsonRows(line)?.[0]);
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

function jsonRows(text: string): Row[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const rows = Array.isArray(value) ? value.slice(0, ROWS) : [value];
    return rows.every((row): row is Row => typeof row === 'object' && row !== null && !Array.isArray(row))
      ? rows
      : undefined;
  } catch {
    return undefined;
  }
}

interface Cells {
  readonly whole: boolean;
  /** What stands between two cells. */
  readonly between: string;
}

function csvRows(text: string, cells: Cells): Row[] {
  const records = csvRecords(text.replace(/^\uFEFF/, ''), ROWS + 1, cells);
  const [header, ...rest] = records;
  if (!header) return [];
  return rest.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? null])));
}

/** RFC 4180: quoted cells may hold commas, line breaks and doubled quotes. A record that is cut off is left out. */
export function csvRecords(text: string, most: number, { whole, between }: Cells): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length && records.length < most; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === between) endCell();
    else if (char === '\n') {
      endCell();
      records.push(cells);
      cells = [];
    } else if (char !== '\r') cell += char;
  }
  if (whole && !quoted && records.length < most && (cell !== '' || cells.length > 0)) {
    endCell();
    records.push(cells);
  }
  return records;
}
