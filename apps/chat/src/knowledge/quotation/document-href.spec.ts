// Addresses of documents, and which span of its text an address marks.
import { expect, it } from 'vitest';
import { parseRoute } from '../../route.js';
import { askedSpan, documentHref, pageOf, solutionIdOf } from './document-href.js';

const document = { text: 'one two three', version: 'a1' };
const spanOf = (asked: string) => askedSpan(new URLSearchParams(asked), document);

it('comes back from its address', () => {
  const href = documentHref({ file: 'docs/a b?.md', start: 4, end: 7, version: 'a1' });
  const route = parseRoute(href);
  expect(route).toMatchObject({ page: 'knowledge', view: 'document', item: 'docs/a b?.md' });
  expect(spanOf('asked' in route ? route.asked : '')).toEqual({ start: 4, end: 7, text: 'two' });
});

it('marks nothing of another version, or past the end', () => {
  expect(spanOf('start=4&end=7&version=b2')).toEqual({ start: 4, end: 7, text: '' });
  expect(spanOf('start=4&end=70')).toEqual({ start: 4, end: 70, text: '' });
});

it.each(['', 'start=4', 'start=7&end=4', 'start=-1&end=4', 'start=x&end=4'])('asks for no span by "%s"', (asked) => {
  expect(spanOf(asked)).toBeUndefined();
});

it('knows the page of a solution', () => {
  expect(solutionIdOf('solutions/sol_01-a.md')).toBe('sol_01-a');
  expect(solutionIdOf('docs/solutions/sol_01.md')).toBeUndefined();
  expect(pageOf('solutions/sol_01-a.md')).toBe('#/knowledge/solutions/sol_01-a');
  expect(pageOf('docs/jobs.md')).toBe('#/knowledge/document/docs%2Fjobs.md');
});
