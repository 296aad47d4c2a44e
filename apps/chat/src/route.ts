// Which page is shown: read from the address fragment, so Back works and a tool's form can be bookmarked.
import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'ask'; readonly conversation: string | undefined; readonly about: string | undefined }
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
  | {
      readonly page: 'jobs';
      readonly view: string | undefined;
      readonly item: string | undefined;
      readonly asked: string;
    }
  | {
      readonly page: 'projects';
      readonly view: string | undefined;
      readonly item: string | undefined;
      readonly asked: string;
    }
  | {
      readonly page: 'knowledge';
      readonly view: string | undefined;
      readonly item: string | undefined;
      readonly asked: string;
    }
  | { readonly page: 'tools'; readonly tool: string | undefined }
  | { readonly page: 'security'; readonly view: string | undefined; readonly item: string | undefined };

/**
 * `#/tools/curator_fetch_dataset` -> that tool's form; `#/security/tokens/wal_…` -> that wallet's; `#/data/ds_…/rows?from=100` -> those
 * rows; `#/money/wallet/wal_…?kind=payment` -> those payments; `#/jobs/list/job_…` -> that job; `#/projects/list/prj_…` -> that project;
 * `#/knowledge/search?q=pumps` -> what is known of pumps; `#/ask?about=Pumps` -> a new question of these; anything unknown -> Home.
 */
export function parseRoute(hash: string): Route {
  if (/^#\/data(?![^/?])/.test(hash)) return dataRoute(hash);
  if (/^#\/money(?![^/?])/.test(hash)) return { page: 'money', ...viewRoute(hash) };
  if (/^#\/jobs(?![^/?])/.test(hash)) return { page: 'jobs', ...viewRoute(hash) };
  if (/^#\/projects(?![^/?])/.test(hash)) return { page: 'projects', ...viewRoute(hash) };
  if (/^#\/knowledge(?![^/?])/.test(hash)) return { page: 'knowledge', ...viewRoute(hash) };
  if (/^#\/ask(?![^/?])/.test(hash)) return askRoute(hash);
  const [, page, name, item] = hash.split('/');
  if (page === 'agents') return { page };
  if (page === 'tools') return { page, tool: name ? decode(name) : undefined };
  if (page === 'security') return { page, view: name || undefined, item: item ? decode(item) : undefined };
  return { page: 'home' };
}

function askRoute(hash: string): Route {
  const { parts, asked } = askedParts(hash);
  const [name] = parts;
  const about = new URLSearchParams(asked).get('about') ?? undefined;
  return { page: 'ask', conversation: name ? decode(name) : undefined, about };
}

function dataRoute(hash: string): Route {
  const { parts, asked } = askedParts(hash);
  const [item, view] = parts;
  return { page: 'data', item: item ? decode(item) : undefined, view: view || undefined, asked };
}

function viewRoute(hash: string): { view: string | undefined; item: string | undefined; asked: string } {
  const { parts, asked } = askedParts(hash);
  const [view, item] = parts;
  return { view: view || undefined, item: item ? decode(item) : undefined, asked };
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

/** `#/ask`, `#/ask/0192…`. */
export const askHref = (conversationId?: string): string =>
  conversationId === undefined ? '#/ask' : `#/ask/${encodeURIComponent(conversationId)}`;

/** A new conversation, whose first question begins with what it is about. */
export const askAboutHref = (title: string): string => `#/ask${askedText({ about: title })}`;

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
export const dataHref = (item?: string, view?: string, asked: Asked = {}): string =>
  viewHref('data', [item, view], asked);

/** `#/money`, `#/money/wallet/wal_…?kind=payment`. */
export const moneyHref = (view?: string, item?: string, asked: Asked = {}): string =>
  viewHref('money', [view, item], asked);

/** `#/jobs`, `#/jobs/list/job_…`, `#/jobs/list?state=failed`. */
export const jobsHref = (view?: string, item?: string, asked: Asked = {}): string =>
  viewHref('jobs', [view, item], asked);

/** `#/projects`, `#/projects/list/prj_…`, `#/projects/templates?query=stars`. */
export const projectsHref = (view?: string, item?: string, asked: Asked = {}): string =>
  viewHref('projects', [view, item], asked);

/** `#/knowledge`, `#/knowledge/solutions/sol_…`, `#/knowledge/search?q=pumps`. */
export const knowledgeHref = (view?: string, item?: string, asked: Asked = {}): string =>
  viewHref('knowledge', [view, item], asked);

function viewHref(page: string, parts: ReadonlyArray<string | undefined>, asked: Asked): string {
  const path = parts.filter((part) => part !== undefined).map((part) => `/${encodeURIComponent(part)}`);
  return `#/${page}${path.join('')}${askedText(asked)}`;
}

/** Another address in the place of this one: what somebody types is no step that Back should go through. */
export const replaceAddress = (href: string): void => location.replace(href);

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => location.hash));
