// Rows as a text to save: JSON as it is, CSV as RFC 4180 has it.
import { csvLine } from '@labmesh/contracts';
import type { Row } from '../dataset.js';

export const jsonText = (rows: readonly Row[]): string => `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;

export const csvText = (names: readonly string[], rows: readonly Row[]): string =>
  [names, ...rows.map((row) => names.map((name) => row[name]))].map(csvLine).join('');
