// The part of the knowledge base that a question asks: never more than its asker may read, whatever it names.
import { AppError, LAB_COLLECTIONS } from '@labmesh/contracts';
import type { Corpus, Scope } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';

export interface AskedPart {
  /** Left out: all. */
  readonly collections?: readonly string[] | undefined;
  /** ISO 8601; documents whose time nobody knows are left out when either is given. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * The scope narrowed to what is asked.
 * @throws AppError invalid_input for an empty list or times in the wrong order, not_found for a collection that the scope has not
 */
export function narrowed(corpus: Corpus, scope: Scope, asked: AskedPart): Scope {
  const { collections } = asked;
  const since = asked.since === undefined ? undefined : new Date(asked.since);
  const until = asked.until === undefined ? undefined : new Date(asked.until);
  if (since !== undefined && until !== undefined && since >= until)
    throw new AppError(
      'invalid_input',
      `Cannot ask what came since ${since.toISOString()} and before ${until.toISOString()}: that is never. Swap them, or leave one out.`,
    );
  if (collections !== undefined) refuseUnknown(collections, corpus, scope);
  if (collections === undefined && since === undefined && until === undefined) return scope;
  const wanted = collections === undefined ? undefined : new Set(collections);
  const counts = (document: Document): boolean =>
    wanted?.has(document.collection) !== false &&
    (since === undefined || (document.at !== undefined && document.at >= since)) &&
    (until === undefined || (document.at !== undefined && document.at < until)) &&
    scope.counts?.(document) !== false;
  return { shelves: scope.shelves, counts };
}

/** An empty list names nothing to ask: it is refused, and never taken for all. */
function refuseUnknown(collections: readonly string[], corpus: Corpus, scope: Scope): void {
  const known = new Set<string>(LAB_COLLECTIONS);
  for (const { collection } of corpus.documents(scope)) known.add(collection);
  const list = [...known].join(', ');
  if (collections.length === 0)
    throw new AppError(
      'invalid_input',
      `Cannot ask no collection at all: "collections" is an empty list. Leave it out to ask all, or name some: ${list}.`,
    );
  const unknown = collections.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new AppError(
      'not_found',
      `Cannot ask the collection "${unknown}": there is none of this name that you may read. There are: ${list}.`,
    );
}
