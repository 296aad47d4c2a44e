// What an address asks the knowledge base, and the address of a question.
import { knowledgeHref } from '../../route.js';
import { momentOf } from '../../tools/moment.js';

export interface AskedSearch {
  readonly question: string;
  /** Ids of collections; none: all. */
  readonly collections: readonly string[];
  readonly project: string;
  /** Days, as they are chosen. */
  readonly since: string;
  readonly until: string;
}

const QUESTION_MAX = 1_000;
const COLLECTIONS_MAX = 20;
const DAY_MS = 86_400_000;

export function searchIn(asked: URLSearchParams): AskedSearch {
  const collections = (asked.get('in') ?? '').split(',').filter((one) => one !== '' && one.length <= 100);
  return {
    question: (asked.get('q') ?? '').slice(0, QUESTION_MAX),
    collections: [...new Set(collections)].slice(0, COLLECTIONS_MAX),
    project: asked.get('project') ?? '',
    since: dayIn(asked.get('since')),
    until: dayIn(asked.get('until')),
  };
}

export const searchHref = ({ question, collections, project, since, until }: AskedSearch): string =>
  knowledgeHref('search', undefined, { q: question.trim(), in: collections.join(','), project, since, until });

const dayIn = (text: string | null): string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && momentOf(text) !== undefined ? text : '';

/** The call's input. What is asked until a day is asked to its end, which the lab takes as before the next. */
export function inputOf({ question, collections, project, since, until }: AskedSearch) {
  const next = until === '' ? undefined : new Date(Date.parse(`${until}T00:00:00Z`) + DAY_MS).toISOString();
  return {
    question: question.trim(),
    limit: 10,
    ...(collections.length === 0 ? {} : { collections }),
    ...(project === '' ? {} : { project }),
    ...(since === '' ? {} : { since: momentOf(since) }),
    ...(next === undefined ? {} : { until: next }),
  };
}

/** With it, or without it where it was there. */
export const toggled = (collections: readonly string[], id: string): string[] =>
  collections.includes(id) ? collections.filter((one) => one !== id) : [...collections, id];
