// Which page is shown: read from the address fragment, so Back works and a tool's form can be bookmarked.
import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'ask' }
  | { readonly page: 'agents' }
  | { readonly page: 'tools'; readonly tool: string | undefined }
  | { readonly page: 'security'; readonly view: string | undefined; readonly item: string | undefined };

/** `#/tools/curator_fetch_dataset` -> that tool's form; `#/security/tokens/wal_…` -> that wallet's; anything unknown -> Ask. */
export function parseRoute(hash: string): Route {
  const [, page, name, item] = hash.split('/');
  if (page === 'agents') return { page };
  if (page === 'tools') return { page, tool: name ? decode(name) : undefined };
  if (page === 'security') return { page, view: name || undefined, item: item ? decode(item) : undefined };
  return { page: 'ask' };
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

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => location.hash));
