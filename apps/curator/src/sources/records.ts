// The records in a reply: JSON, CSV or XML to rows, as the manifest says where they are. Refuses what has no records there.
import { AppError } from '@labmesh/contracts';
import { readRows } from '../formats/codec.js';
import { parseJson, reason } from '../formats/json.js';
import { decodeUtf8 } from '../formats/text.js';
import { checkRows, type Json, type Row } from '../rows.js';
import type { HttpManifest } from './manifest.js';
import type { HttpStream } from './manifest-http.js';
import { valueAt } from './pointer.js';

type Where = HttpStream['records'];

export interface Records {
  readonly rows: Row[];
  /** The whole reply, for who looks for the next page; null where it has no structure. */
  readonly body: Json;
}

/** A reply that is not whole, or not what it says it is: the same request may get a better one. */
export class UnreadableReply extends Error {}

/** @throws UnreadableReply, AppError upstream_failed for a reply without records, invalid_input for values that cannot be kept exactly */
export async function recordsOf(manifest: HttpManifest, stream: HttpStream, bytes: Buffer): Promise<Records> {
  if (manifest.kind === 'http-csv') {
    const { rows } = await readRows('csv', bytes, { schema: stream.schema });
    return { rows, body: null };
  }
  const body = stream.records.xml === undefined ? jsonOf(bytes) : await xmlOf(bytes);
  const found = valueAt(body, stream.records.path);
  if (found === undefined || found === null)
    throw new AppError(
      'upstream_failed',
      `Cannot read the reply of ${manifest.name}: it has nothing at ${stream.records.path || 'its root'}, where the manifest says the records are. Has the source changed?`,
    );
  return { rows: checkRows(listOf(found, stream.records)).rows, body };
}

function listOf(found: Json, { keyedAs, scalarAs, xml, nested, having }: Where): Json[] {
  const listed = keyedAs === undefined ? [found].flat() : keyed(found, keyedAs);
  const all = nested === undefined ? listed : listed.flatMap((item) => withNested(item, nested));
  const list = having === undefined ? all : all.filter((item) => valueAt(item, having) !== undefined);
  const whole = scalarAs === undefined ? list : list.map((item) => (isObject(item) ? item : { [scalarAs]: item }));
  if (xml === undefined) return whole;
  const columns = Object.entries(xml);
  return whole.map((item) =>
    Object.fromEntries(
      columns.flatMap(([column, pointer]) => {
        const value = valueAt(item, pointer);
        return value === undefined ? [] : [[column, value]];
      }),
    ),
  );
}

/** A record before those inside it. The parser has bounded how deep they go. */
function withNested(item: Json, name: string): Json[] {
  const inner = isObject(item) ? item[name] : undefined;
  return inner === undefined ? [item] : [item, ...[inner].flat().flatMap((one) => withNested(one, name))];
}

/** In the order of the keys: an object has none of its own. */
function keyed(found: Json, column: string): Json[] {
  if (!isObject(found)) return [found].flat();
  return Object.keys(found)
    .sort()
    .flatMap((key) =>
      [found[key] ?? null]
        .flat()
        .map((item) => (isObject(item) ? { [column]: key, ...item } : { [column]: key, value: item })),
    );
}

function jsonOf(bytes: Buffer): Json {
  try {
    return parseJson(decodeUtf8(bytes, 'json'));
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new AppError('upstream_failed', `Cannot take the reply: ${reason(cause)}.`, { cause });
    throw new UnreadableReply('it is no JSON, or not all of it', { cause });
  }
}

const XML = {
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
};

async function xmlOf(bytes: Buffer): Promise<Json> {
  const text = bytes.toString('utf8');
  // Entities that a document declares itself are how a small one becomes a large one.
  if (/<!ENTITY/i.test(text))
    throw new AppError('upstream_failed', 'Cannot take the reply: its XML declares entities.');
  const { XMLParser } = await import('fast-xml-parser'); // most sources answer JSON
  try {
    return new XMLParser(XML).parse(text, true) as Json;
  } catch (cause) {
    throw new UnreadableReply('it is no XML, or not all of it', { cause });
  }
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
