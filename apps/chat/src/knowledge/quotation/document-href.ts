// Addresses of documents on the page, and the span that such an address names.
import { knowledgeHref } from '../../route.js';
import type { Place } from './answer.js';

type Named = Pick<Place, 'file'> & Partial<Pick<Place, 'start' | 'end' | 'version'>>;

const SOLUTION = /^solutions\/(sol_[0-9a-z-]+)\.md$/;

/** `#/knowledge/document/docs%2Fjobs.md?start=10&end=20&version=…`; a solution has a page of its own. */
export const documentHref = ({ file, start, end, version }: Named): string =>
  knowledgeHref('document', file, { start, end, version });

/** `solutions/sol_1.md` -> `sol_1`; undefined for a document that is none. */
export const solutionIdOf = (file: string): string | undefined => SOLUTION.exec(file)?.[1];

/** The page of a solution; of any other document its text. */
export function pageOf(file: string): string {
  const id = solutionIdOf(file);
  return id === undefined ? documentHref({ file }) : knowledgeHref('solutions', id);
}

type Span = Pick<Place, 'start' | 'end' | 'text'>;

/**
 * The span that an address asks for; undefined when it asks for none. Of another version, or past the end, its text is empty: nothing
 * is marked then, since a wrong mark would be a false quotation.
 */
export function askedSpan(asked: URLSearchParams, document: { text: string; version: string }): Span | undefined {
  const [start, end] = ['start', 'end'].map((name) => wholeNumber(asked.get(name)));
  if (start === undefined || end === undefined || end <= start) return undefined;
  const version = asked.get('version');
  const same = (version === null || version === document.version) && end <= document.text.length;
  return { start, end, text: same ? document.text.slice(start, end) : '' };
}

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
