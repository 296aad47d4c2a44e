// Questions to begin with, made of the columns that a dataset has.
import type { RowSchema } from '../dataset.js';
import { type Column, columnsOf } from '../rows/columns.js';

export interface Sample {
  readonly label: string;
  readonly sql: string;
}

/** Names as SQL takes them, whatever they hold. */
export const quotedName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/i.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;

/** Words of SQL that people name columns by. */
const RESERVED = new Set('all and any as asc case check column default desc distinct do else end for from group having in into is like limit not null offset on or order primary references select some table then to union unique user using when where window with'.split(' '));

const isText = ({ type }: Column): boolean => /^(text|one of)/.test(type);

export function samplesFor(schema: RowSchema | null): readonly Sample[] {
  const columns = columnsOf(schema, []);
  const text = columns.find((column) => isText(column) && !/id$|time|date|link|url|note/i.test(column.name));
  const number = columns.find(({ numeric, name }) => numeric && !/id$/i.test(name));
  const nullable = columns.filter((column) => column.nullable || !column.required);
  const samples: Sample[] = [
    { label: 'First rows', sql: 'SELECT *\nFROM data\nLIMIT 20' },
    { label: 'How many', sql: 'SELECT count(*) AS rows\nFROM data' },
  ];
  if (text) {
    const name = quotedName(text.name);
    samples.push({
      label: `By ${text.name}`,
      sql: `SELECT ${name}, count(*) AS rows\nFROM data\nGROUP BY ${name}\nORDER BY rows DESC, ${name}\nLIMIT 20`,
    });
  }
  if (number) {
    const name = quotedName(number.name);
    samples.push({
      label: `Range of ${number.name}`,
      sql: `SELECT min(${name}) AS least, median(${name}) AS median, max(${name}) AS most\nFROM data`,
    });
  }
  if (nullable.length > 0) {
    const counts = nullable.slice(0, 8).map(({ name }) => `  count(*) - count(${quotedName(name)}) AS ${quotedName(name)}`);
    samples.push({ label: 'What is missing', sql: `SELECT\n${counts.join(',\n')}\nFROM data` });
  }
  return samples;
}
