// What somebody asks of a stream: its parameters checked, its range found, and the slice that keeps it.
import { createHash } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import type { Json } from '../rows.js';
import { validateRows } from '../schemas/validator.js';
import type { Bookmark } from './bookmark.js';
import type { Manifest, Stream } from './manifest.js';
import { schemasOf } from './parameter-schemas.js';
import type { Range } from './manifest-http.js';
import type { AskedRange } from './page-state.js';
import type { Values } from './template.js';
import { givenPlace, movedBack, orderOf, type Place, written } from './time-range.js';

export interface Wish {
  readonly source: string;
  readonly stream: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The parameters with their defaults. @throws AppError invalid_input naming the parameter that is wrong */
export async function parametersOf(
  declared: Readonly<Record<string, Record<string, unknown>>>,
  given: Readonly<Record<string, unknown>>,
): Promise<Values> {
  const required = Object.keys(declared).filter(
    (name) => declared[name]?.required === true && declared[name]?.default === undefined,
  );
  const filled = { ...defaultsOf(declared), ...given };
  const schema = { type: 'object', properties: schemasOf(declared), required, additionalProperties: false };
  const { valid, errors } = await validateRows(schema, [filled], 5);
  if (valid) return filled as Values;
  const why = errors.map(({ path, message }) => `${path === '' ? 'they' : path.slice(1)} ${message}`).join('; ');
  const names = Object.entries(declared).map(([name, { description }]) => `${name} (${String(description)})`);
  throw new AppError(
    'invalid_input',
    `Cannot take these parameters: ${why}. ${names.length === 0 ? 'This takes none.' : `There are ${names.join(', ')}.`}`,
  );
}

const defaultsOf = (declared: Readonly<Record<string, Record<string, unknown>>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(declared).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );

/** Ids of the slice and of its dataset: the same for the same source, stream and parameters. */
export function idsOf(
  { name, streams }: Manifest,
  stream: string,
  parameters: Values,
): { id: string; datasetId: string } {
  const hash = hashOf(parameters);
  const face = `ds_${name}-${stream}`.slice(0, 49);
  const spec = streams[stream];
  const usual = spec !== undefined && 'parameters' in spec ? defaultsOf(spec.parameters) : {};
  return {
    id: `${name}/${stream}/${hash}`,
    datasetId: hash === hashOf(usual as Values) ? face : `${face}-${hash}`,
  };
}

function hashOf(values: Values): string {
  const entries = Object.keys(values)
    .sort()
    .map((key) => [key, values[key] ?? null] as [string, Json]);
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 10);
}

/** @throws AppError invalid_input for a range that this stream cannot have */
export function rangeOf(
  stream: Stream,
  wish: Pick<Wish, 'from' | 'to'>,
  { bookmark, now }: { bookmark: Bookmark; now: number },
): { range: AskedRange; rolling: boolean } {
  const declared = 'range' in stream ? stream.range : undefined;
  const rolling = wish.from === undefined && wish.to === undefined;
  if (declared === undefined) {
    if (rolling) return { range: {}, rolling };
    throw new AppError('invalid_input', 'Cannot fetch a range of this stream: it has none. Leave from and to out.');
  }
  const { format } = declared;
  const timed = format === 'date' || format === 'datetime';
  const from = wish.from === undefined ? beginOf(stream, bookmark, now) : givenPlace(wish.from, format, 'from');
  const to = wish.to === undefined ? (timed ? written(now, format) : undefined) : givenPlace(wish.to, format, 'to');
  const begin = notBefore(from, declared);
  if (begin !== undefined && to !== undefined && format !== 'text' && orderOf(begin, format) > orderOf(to, format))
    throw new AppError('invalid_input', `Cannot fetch from ${begin} to ${to}: it ends before it begins.`);
  return { range: { ...(begin === undefined ? {} : { from: begin }), ...(to === undefined ? {} : { to }) }, rolling };
}

/** Where a rolling fetch begins: where the last one ended, and a little before. */
function beginOf(stream: Stream, { cursor }: Bookmark, now: number): Place | undefined {
  if (!('range' in stream) || stream.range === undefined) return undefined;
  const { format, begin } = stream.range;
  if (cursor !== undefined && stream.cursor !== undefined) return movedBack(cursor, stream.cursor.lookBack, format);
  if (typeof begin === 'number') return written(now - begin, format);
  return begin?.at;
}

function notBefore(from: Place | undefined, { earliest, format }: Range): Place | undefined {
  if (earliest === undefined || format === 'text' || format === 'integer') return from;
  return from === undefined || orderOf(from, format) < orderOf(earliest, format) ? earliest : from;
}
