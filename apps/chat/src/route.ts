// Which page is shown: read from the address fragment, so Back works and a tool's form can be bookmarked.
import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'ask' }
  | { readonly page: 'agents' }
  | {
      readonly page: 'data';
      readonly item: string | undefined;
      readonly view: string | undefined;
      readonly asked: string;
    }
  | {
      readonly page: 'money';
      readonly view: string | undefined;
      readonly item: string | undefined;
      readonly asked: string;
    }
  | { readonly page: 'tools'; readonly tool: string | undefined }
  | { readonly page: 'security'; readonly view: string | undefined; readonly item: string | undefined };

/**
 * `#/tools/curator_fetch_dataset` -> that tool's form; `#/security/tokens/wal_…` -> that wallet's; `#/data/ds_…/rows?from=100` -> those
 * rows; `#/money/wallet/wal_…?kind=payment` -> those payments; anything unknown -> Ask.
 */
export function parseRoute(hash: string): Route {
  if (/^#\/data(?![^/?])/.test(hash)) return dataRoute(hash);
  if (/^#\/money(?![^/?])/.test(hash)) return moneyRoute(hash);
  const [, page, name, item] = hash.split('/');
  if (page === 'agents') return { page };
  if (page === 'tools') return { page, tool: name ? decode(name) : undefined };
  if (page === 'security') return { page, view: name || undefined, item: item ? decode(item) : undefined };
  return { page: 'ask' };
}

function dataRoute(hash: string): Route {
  const { parts, asked } = askedParts(hash);
  const [item, view] = parts;
  return { page: 'data', item: item ? decode(item) : undefined, view: view || undefined, asked };
}

function moneyRoute(hash: string): Route {
  const { parts, asked } = askedParts(hash);
  const [view, item] = parts;
  return { page: 'money', view: view || undefined, item: item ? decode(item) : undefined, asked };
}

/** `#/data/ds_1/rows?from=100` -> `ds_1`, `rows` and `from=100`. */
function askedParts(hash: string): { parts: readonly string[]; asked: string } {
  const mark = hash.indexOf('?');
  const [, , ...parts] = (mark === -1 ? hash : hash.slice(0, mark)).split('/');
  return { parts, asked: mark === -1 ? '' : hash.slice(mark + 1) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const toolHref = (name: string): string => `#/tools/${encodeURIComponent(name)}`;

export const securityHref = (view: string, item?: string): string =>
  `#/security/${view}${item === undefined ? '' : `/${encodeURIComponent(item)}`}`;

/** What is asked of a view beside its name: a search, a page, a version. What is undefined or empty is left out. */
export type Asked = Readonly<Record<string, string | number | undefined>>;

function askedText(asked: Asked): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** `#/data`, `#/data/ds_…`, `#/data/ds_…/rows?from=100`. */
export function dataHref(item?: string, view?: string, asked: Asked = {}): string {
  const path = [item, view].filter((part) => part !== undefined).map((part) => `/${encodeURIComponent(part)}`);
  return `#/data${path.join('')}${askedText(asked)}`;
}

/** `#/money`, `#/money/wallet/wal_…?kind=payment`. */
export function moneyHref(view?: string, item?: string, asked: Asked = {}): string {
  const path = [view, item].filter((part) => part !== undefined).map((part) => `/${encodeURIComponent(part)}`);
  return `#/money${path.join('')}${askedText(asked)}`;
}

/** Another address in the place of this one: what somebody types is no step that Back should go through. */
export const replaceAddress = (href: string): void => location.replace(href);

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => location.hash));
