// Rows as a text to save: JSON as it is, CSV as RFC 4180 has it. A null is an empty cell, an empty text a quoted one.
import type { Row } from '../dataset.js';

export const jsonText = (rows: readonly Row[]): string => `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;

export function csvText(names: readonly string[], rows: readonly Row[]): string {
  const lines = [names.map(quoted), ...rows.map((row) => names.map((name) => cellText(row[name])))];
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value === '') return '""';
  return quoted(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
