// Claims are sentences that stand by themselves: none only leads on, and none has a mark of a comment within it.
import { expect, it } from 'vitest';
import { Corpus, LAB_SCOPE } from '../corpus/corpus.js';
import { newDocument } from '../corpus/document.js';
import { answerFrom } from './answering.js';

const OTHERS = [
  'Every wallet has one role.',
  'Heat the shutter in winter.',
  'The neon lamp calibrates the spectrometer.',
];

function claims(question: string, given: Partial<Parameters<typeof newDocument>[0]> & { text: string }): string[] {
  const corpus = new Corpus();
  for (const [at, text] of OTHERS.entries()) corpus.add(newDocument({ file: `${at}.md`, text, collection: 'docs' }));
  corpus.add(newDocument({ file: 'a.md', collection: 'docs', ...given }));
  return answerFrom(corpus, { question, limit: 5, context: [] }, LAB_SCOPE).claims.map(({ text }) => text);
}

it('say what follows where a sentence only leads on to it', () => {
  const text =
    '# Gauges\n\nGive the gauge a port of its own, as others may have it:\n\n- Port 7001 is free.\n- It is read once.\n';
  expect(claims('Which port has the gauge?', { text })).toEqual(['Port 7001 is free.']);
});

it('leave out what leads on to code alone', () => {
  const text =
    '# Gauges\n\nGive the gauge a port of its **own**:\n\n```sh\nPORT=7001 gauge\n```\n\nIt is read once a second.\n';
  expect(claims('Which port has the gauge?', { text })).toEqual(['It is read once a second.']);
});

const comment = (text: string) => ({
  text,
  kind: 'text' as const,
  comments: [{ start: 0, end: text.trimEnd().length, path: ['Gauge'] }],
});

it.each([
  [
    '// Reads the cryostat gauge, which\n// is slow. The cryostat gauge is read once.\n',
    'The cryostat gauge is read once.',
  ],
  ['/**\n * Reads the cryostat gauge, which\n * is slow.\n */\n', 'Reads the cryostat gauge, which'],
  ['"""Reads the cryostat gauge, which\nis slow."""\n', 'Reads the cryostat gauge, which\nis slow.'],
])('have no mark of a comment within them: %j', (text, claim) => {
  expect(claims('How is the cryostat gauge read?', comment(text))).toEqual([claim]);
});
