// How a result is best read: a table, a list of names and values, a list, a plain value, or raw JSON when too deep.
export type Shape =
  | { readonly shape: 'nothing' }
  | { readonly shape: 'value'; readonly text: string; readonly long: boolean }
  | { readonly shape: 'list'; readonly items: readonly unknown[] }
  | { readonly shape: 'record'; readonly entries: readonly (readonly [string, unknown])[] }
  | { readonly shape: 'table'; readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly shape: 'json'; readonly text: string };

export type Row = Readonly<Record<string, unknown>>;

/** Nesting shown as tables and lists; deeper is JSON. */
const DEPTH_MAX = 4;
const LONG_TEXT = 160;
const CELL_MAX = 120;
/** Rows looked at for their columns. */
const SAMPLE_ROWS = 200;
const COLUMNS_MAX = 60;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';

export function resultShape(value: unknown, depth = 0): Shape {
  if (value === null || value === undefined || value === '') return { shape: 'nothing' };
  if (typeof value !== 'object') {
    const text = String(value);
    return { shape: 'value', text, long: text.length > LONG_TEXT || text.includes('\n') };
  }
  if (isEmpty(value)) return { shape: 'nothing' };
  if (depth >= DEPTH_MAX) return { shape: 'json', text: JSON.stringify(value, null, 2) };
  if (!Array.isArray(value)) return { shape: 'record', entries: Object.entries(value) };
  if (value.every(isRow)) {
    const columns = columnsOf(value);
    if (columns.length > 0 && columns.length <= COLUMNS_MAX) return { shape: 'table', columns, rows: value };
  }
  if (value.every(isPlain)) return { shape: 'list', items: value };
  return { shape: 'json', text: JSON.stringify(value, null, 2) };
}

const isEmpty = (value: object): boolean => (Array.isArray(value) ? value.length : Object.keys(value).length) === 0;

function columnsOf(rows: readonly Row[]): string[] {
  const columns = new Set<string>();
  for (const row of rows.slice(0, SAMPLE_ROWS)) for (const key of Object.keys(row)) columns.add(key);
  return [...columns];
}

/** One table cell: short text; nested values as compact JSON, cut with an ellipsis. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > CELL_MAX ? `${text.slice(0, CELL_MAX)}…` : text;
}

/**
 * What a stream has brought so far: chunks arrive as JSON in progress messages. Their lists are joined, other values
 * are the newest. Undefined when no message is a JSON object.
 */
export function joinChunks(messages: readonly string[]): Row | undefined {
  let joined: Record<string, unknown> | undefined;
  for (const message of messages) {
    const chunk = parseRow(message);
    if (!chunk) continue;
    joined ??= {};
    for (const [key, value] of Object.entries(chunk)) {
      const earlier = joined[key];
      joined[key] = Array.isArray(earlier) && Array.isArray(value) ? [...earlier, ...value] : value;
    }
  }
  return joined;
}

export function parseRow(text: string): Row | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What of a tool's result to show: its structured content, or else its texts (as JSON where they are JSON),
 * or else whatever came.
 */
export function readableResult(result: { structuredContent?: unknown; content?: readonly unknown[] }): unknown {
  if (result.structuredContent !== undefined) return result.structuredContent;
  const content = result.content ?? [];
  const texts = content.map((item) => (isRow(item) && item.type === 'text' ? item.text : undefined));
  if (content.length === 0 || texts.some((text) => typeof text !== 'string')) return content;
  const text = texts.join('\n');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
