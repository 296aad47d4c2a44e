// From one page to the next: what each kind of paginator asks for, and what a reply says about the page after it. Pure.
import { AppError } from '@labmesh/contracts';
import type { Json } from '../rows.js';
import type { HttpManifest } from './manifest.js';
import type { HttpStream, Paginator } from './manifest-http.js';
import type { AskedRange, PageState } from './page-state.js';
import { valueAt } from './pointer.js';
import type { Values } from './template.js';
import { windowFrom } from './time-range.js';

export interface Paging {
  readonly manifest: HttpManifest;
  readonly stream: HttpStream;
  readonly range: AskedRange;
}

/** What a reply says to who pages. */
export interface Turned {
  readonly body: Json;
  readonly linkHeader: string | undefined;
  /** Records on this page. */
  readonly count: number;
}

/** Page by page without marks: what is inserted or deleted meanwhile moves the pages that follow. */
export const canShift = ({ kind }: Paginator): boolean => kind === 'page' || kind === 'offset';

export function firstPage({ stream, range }: Pick<Paging, 'stream' | 'range'>): PageState {
  const { paginator } = stream;
  if (paginator.kind === 'page') return { kind: 'number', at: paginator.first };
  if (paginator.kind === 'offset') return { kind: 'number', at: 0 };
  if (paginator.kind === 'windows') return { kind: 'window', from: String(range.from) };
  return { kind: 'only' };
}

/** The variables that the request of this page may use. */
export function pageValues({ stream, range }: Paging, state: PageState): Values {
  const { paginator } = stream;
  const size = 'size' in paginator ? paginator.size : undefined;
  const asked = { from: range.from, to: range.to, size };
  if (state.kind === 'number') return { ...asked, page: state.at, offset: state.at };
  if (state.kind === 'cursor') return { ...asked, cursor: state.cursor };
  if (state.kind === 'window' && paginator.kind === 'windows')
    return { ...asked, from: state.from, to: windowOf(stream, range, state.from).to };
  return asked;
}

/** How many records there are in all, where the reply says so. */
export function totalOf({ paginator }: HttpStream, body: Json): number | undefined {
  const total = 'total' in paginator && paginator.total !== undefined ? valueAt(body, paginator.total) : undefined;
  return typeof total === 'number' ? total : undefined;
}

/** Undefined after the last page. @throws AppError upstream_failed for a link that is none */
export function nextPage(paging: Paging, state: PageState, turned: Turned): PageState | undefined {
  const { stream, range } = paging;
  const { paginator } = stream;
  switch (paginator.kind) {
    case 'none':
      return undefined;
    case 'page':
      return state.kind === 'number' && pageFollows(paging, state.at, turned)
        ? { ...state, at: state.at + 1 }
        : undefined;
    case 'offset': {
      const total = totalOf(stream, turned.body);
      const at = (state.kind === 'number' ? state.at : 0) + turned.count;
      const follows = total === undefined ? turned.count >= paginator.size : at < total;
      return follows && turned.count > 0 ? { kind: 'number', at } : undefined;
    }
    case 'cursor': {
      const next = valueAt(turned.body, paginator.next);
      return next === undefined || next === null || next === '' ? undefined : { kind: 'cursor', cursor: String(next) };
    }
    case 'link': {
      const next = linkOf(paginator.next, turned);
      return next === undefined ? undefined : { kind: 'link', url: ownLink(paging, next) };
    }
    case 'windows': {
      const next = state.kind === 'window' ? windowOf(stream, range, state.from).next : undefined;
      return next === undefined ? undefined : { kind: 'window', from: next };
    }
  }
}

const windowOf = ({ paginator, range: asked }: HttpStream, range: AskedRange, from: string) =>
  windowFrom(from, paginator.kind === 'windows' ? paginator.span : 0, {
    to: String(range.to),
    format: asked?.format ?? 'date',
  });

function pageFollows({ stream, manifest }: Paging, at: number, { body, count }: Turned): boolean {
  const { paginator } = stream;
  if (paginator.kind !== 'page') return false;
  const pages = paginator.pages === undefined ? undefined : valueAt(body, paginator.pages);
  if (typeof pages === 'number') return at + 1 - paginator.first < pages;
  const more = paginator.more === undefined ? undefined : valueAt(body, paginator.more);
  if (typeof more === 'boolean') return more;
  const total = totalOf(stream, body);
  if (total === undefined) return count >= paginator.size;
  const follows = (at - paginator.first) * paginator.size + count < total;
  if (!follows || count === 0 || count >= paginator.size) return follows && count > 0;
  throw new AppError(
    'upstream_failed',
    `Cannot page through ${manifest.name}: it gives ${count} records on a page that is not the last, and its manifest says ${paginator.size}. Write the size that it really gives.`,
  );
}

function linkOf(pointers: readonly string[] | undefined, { body, linkHeader }: Turned): string | undefined {
  if (pointers === undefined) return /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(linkHeader ?? '')?.[1];
  const found = pointers
    .map((pointer) => valueAt(body, pointer))
    .find((link) => typeof link === 'string' && link !== '');
  return typeof found === 'string' ? found : undefined;
}

/** A provider's own link, over the source's scheme and without any key. */
function ownLink({ manifest }: Paging, link: string): string {
  if (!URL.canParse(link, manifest.baseUrl))
    throw new AppError(
      'upstream_failed',
      `Cannot go on with ${manifest.name}: its link to the next page is no address.`,
    );
  const [url, base] = [new URL(link, manifest.baseUrl), new URL(manifest.baseUrl)];
  if (url.hostname === base.hostname && url.port === '' && base.protocol === 'https:') url.protocol = 'https:';
  const { auth } = manifest;
  for (const name of [...manifest.redact, ...(auth?.kind === 'query' && auth.name !== undefined ? [auth.name] : [])])
    url.searchParams.delete(name);
  return url.href;
}
