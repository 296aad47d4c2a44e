// A profile as a small picture: for each column its name, how full it is, and the shape of its values. No script, no style sheet,
// with a title and a description for those who do not see it.
import type { ColumnProfile } from './column-profile.js';

const WIDTH = 640;
const ROW = 44;
const TOP = 34;
const COLUMNS_MAX = 24;
const CHART = { x: 330, width: 290, height: 30 };
const FULL = { x: 220, width: 90, height: 8 };

export interface Pictured {
  readonly name: string;
  readonly rows: number;
  readonly duplicates: number;
  readonly columns: readonly ColumnProfile[];
}

export function profileSvg({ name, rows, duplicates, columns }: Pictured): string {
  const shown = columns.slice(0, COLUMNS_MAX);
  const height = TOP + shown.length * ROW + 12;
  const described = shown.map((column) => descriptionOf(column)).join(' ');
  const rest = columns.length > shown.length ? ` ${columns.length - shown.length} more columns are not shown.` : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title id="t">Profile of ${escaped(name)}</title>`,
    `<desc id="d">${rows} rows, ${duplicates} of them doubles. ${escaped(described)}${rest}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="20" font-weight="bold" fill="#1b1f24">${escaped(cut(name, 60))}</text>`,
    `<text x="${WIDTH - 12}" y="20" text-anchor="end" fill="#57606a">${rows} rows, ${duplicates} doubles</text>`,
    ...shown.map((column, index) => columnPicture(column, TOP + index * ROW)),
    '</svg>',
  ].join('\n');
}

function columnPicture(column: ColumnProfile, y: number): string {
  const full = column.rows === 0 ? 0 : (column.rows - column.nulls - column.missing) / column.rows;
  return [
    `<text x="12" y="${y + 16}" fill="#1b1f24">${escaped(cut(column.name, 28))}</text>`,
    `<text x="12" y="${y + 31}" font-size="10" fill="#57606a">${escaped(cut(column.type, 30))}, ${column.distinct} different</text>`,
    `<rect x="${FULL.x}" y="${y + 12}" width="${FULL.width}" height="${FULL.height}" fill="#d0d7de"/>`,
    `<rect x="${FULL.x}" y="${y + 12}" width="${number(full * FULL.width)}" height="${FULL.height}" fill="#1a7f64"/>`,
    `<text x="${FULL.x}" y="${y + 33}" font-size="10" fill="#57606a">${number(full * 100)} % filled</text>`,
    ...bars(barsOf(column), y + 4),
  ].join('');
}

const barsOf = ({ numbers, top }: ColumnProfile): readonly number[] =>
  numbers === undefined ? top.map(({ count }) => count) : numbers.histogram.counts;

function bars(counts: readonly number[], y: number): string[] {
  const most = Math.max(1, ...counts);
  const step = CHART.width / Math.max(counts.length, 10);
  return counts.map((count, index) => {
    const height = (count / most) * CHART.height;
    return `<rect x="${number(CHART.x + index * step)}" y="${number(y + CHART.height - height)}" width="${number(Math.max(step - 1, 0.5))}" height="${number(height)}" fill="#0969da"/>`;
  });
}

function descriptionOf({ name, type, rows, nulls, missing, min, max }: ColumnProfile): string {
  const gaps = nulls + missing;
  const span = min === null ? '' : `, from ${String(min).slice(0, 40)} to ${String(max).slice(0, 40)}`;
  return `${name}: ${type}${span}, ${gaps === 0 ? 'no gaps' : `${gaps} of ${rows} without a value`}.`;
}

const cut = (text: string, most: number): string => {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
};
const number = (value: number): string => String(Math.round(value * 10) / 10);

/** Also without what XML does not know as a character. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, ' ')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
