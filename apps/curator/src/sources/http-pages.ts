// The pages of a stream of a web API, one request each.
import { createHash } from 'node:crypto';
import { AppError } from '@labmesh/contracts';
import type { Json, Row } from '../rows.js';
import type { HttpReply } from './exchange.js';
import type { HttpManifest } from './manifest.js';
import type { HttpStream } from './manifest-http.js';
import type { AskedRange, PageState } from './page-state.js';
import { canShift, firstPage, nextPage, type Paging, pageValues, totalOf } from './paging.js';
import { recordsOf } from './records.js';
import { type Ask, type Asking, askSource, withoutKey } from './source-client.js';
import type { Page, PageSource, Tag } from './stream-pages.js';
import { filled, filledPath, type Values } from './template.js';

export interface HttpAsked {
  readonly asking: Asking;
  readonly stream: HttpStream;
  readonly parameters: Values;
}

export function httpPages({ asking, stream, parameters }: HttpAsked): PageSource {
  const { manifest } = asking;
  const paging = (range: AskedRange): Paging => ({ manifest, stream, range });
  return {
    shifts: canShift(stream.paginator),
    loops: stream.paginator.kind === 'cursor' || stream.paginator.kind === 'link',
    first: (range) => firstPage(paging(range)),
    async read(state, { range, tag }): Promise<Page> {
      // What a reply was the same as is known of streams of one page alone.
      const single = stream.paginator.kind === 'none';
      const ask = requestOf(paging(range), state, parameters);
      const of = hashOf(ask);
      const asked = single && tag?.of === of ? { ...ask, headers: conditions(tag) } : ask;
      return askSource(asking, asked, async (reply) => {
        if (reply.status === 304) return { rows: [], unchanged: true };
        const { rows, body } = await recordsOf(manifest, stream, reply.bytes);
        const link = reply.headers.link;
        const turned = { body, count: rows.length, linkHeader: Array.isArray(link) ? link.join(',') : link };
        return {
          rows: rows.map((row) => scrubbed(row, asking) as Row),
          next: nextPage(paging(range), state, turned),
          total: totalOf(stream, body),
          ...(single ? { tag: tagOf(reply, of) } : {}),
        };
      });
    },
  };
}

/** The request of a page, without the key. @throws AppError invalid_input when a parameter of the path is missing */
export function requestOf(paging: Paging, state: PageState, parameters: Values): Ask {
  const { manifest, stream } = paging;
  if (state.kind === 'link') return { url: new URL(state.url) };
  const values = { ...parameters, ...pageValues(paging, state) };
  const { method, path, query, body } = stream.request;
  const url = addressOf(manifest, { path, query }, values);
  const sent = body === undefined ? undefined : filled(body as Json, values);
  return { url, method, ...(sent === undefined ? {} : { body: JSON.stringify(sent) }) };
}

/** @throws AppError invalid_input when a parameter of the path is missing */
export function addressOf(
  { baseUrl }: HttpManifest,
  { path, query }: { path: string; query: Readonly<Record<string, string | number | boolean>> },
  values: Values,
): URL {
  const url = new URL(`${baseUrl.replace(/\/$/, '')}${filledPath(path, values)}`);
  for (const [name, template] of Object.entries(query)) {
    const value = filled(template, values);
    if (value === undefined || value === null) continue;
    if (typeof value === 'object' && !Array.isArray(value))
      throw new AppError('invalid_input', `Cannot ask the source: ${name} must be a text, a number or a list of them.`);
    url.searchParams.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  return url;
}

const conditions = ({ etag, modified }: Tag): Record<string, string> => ({
  ...(etag === undefined ? {} : { 'if-none-match': etag }),
  ...(modified === undefined ? {} : { 'if-modified-since': modified }),
});

const hashOf = ({ url, method = 'GET', body = '' }: Ask): string =>
  createHash('sha256').update(`${method} ${url.href} ${body}`).digest('base64url').slice(0, 16);

function tagOf({ headers }: HttpReply, of: string): Tag | undefined {
  const { etag, 'last-modified': modified } = headers;
  if (etag === undefined && modified === undefined) return undefined;
  return {
    of,
    ...(etag === undefined ? {} : { etag: etag.slice(0, 300) }),
    ...(modified === undefined ? {} : { modified: modified.slice(0, 60) }),
  };
}

/** A provider's links may repeat the key of whoever asks. */
function scrubbed(value: Json, asking: Asking): Json {
  if (typeof value === 'string') return scrubbedText(value, asking);
  if (Array.isArray(value)) return value.map((item) => scrubbed(item, asking));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrubbed(item, asking)]));
}

function scrubbedText(text: string, { manifest, key }: Asking): string {
  const { redact, auth } = manifest;
  const secret = key !== undefined && key !== auth?.default ? withoutKey(text, key) : text;
  return redact.reduce(
    (clean, name) => clean.replace(new RegExp(`([?&])${escaped(name)}=[^&#\\s"]*&?`, 'g'), '$1').replace(/[?&]$/, ''),
    secret,
  );
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
