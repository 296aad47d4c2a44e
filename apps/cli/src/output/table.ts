// Lays out a table of plain text. Widths count characters, so colour is put on afterwards.
import { printable } from './failure-text.js';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

export type Cell = string | number | { readonly text: string; readonly style: Style };

export interface LaidOut {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** Header and rows with every column as wide as its widest cell; numbers stand to the right. */
export function table(header: readonly string[], rows: ReadonlyArray<readonly Cell[]>): LaidOut[][] {
  const lines = [header.map((text): Cell => ({ text, style: 'dim' })), ...rows];
  const texts = lines.map((cells) => cells.map(textOf));
  const widths = header.map((_, column) => Math.max(...texts.map((cells) => [...(cells[column] ?? '')].length)));
  return lines.map((cells) =>
    cells.map((cell, column) => ({
      text: padded(cell, widths[column] ?? 0),
      style: typeof cell === 'object' ? cell.style : undefined,
    })),
  );
}

const textOf = (cell: Cell): string =>
  printable(typeof cell === 'object' ? cell.text : String(cell)).replaceAll(/\s+/g, ' ');

function padded(cell: Cell, width: number): string {
  const text = textOf(cell);
  const space = ' '.repeat(Math.max(0, width - [...text].length));
  return typeof cell === 'number' ? space + text : text + space;
}
