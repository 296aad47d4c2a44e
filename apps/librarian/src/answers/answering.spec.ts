// Answers are made of quotations: each stands in the passage that its number cites.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Corpus } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { answerFrom, NOTHING_FOUND } from './answering.js';

const DOCUMENTS: readonly Document[] = [
  {
    file: 'docs/roles.md',
    text: '# Roles\n\nEvery wallet has one role. A researcher submits data.\n\n## Citizen\n\nReads datasets. Pays from the own wallet.\n',
  },
  {
    file: 'docs/start.md',
    text: '# Start\n\nRun it:\n\n```sh\nnpm ci && npm start\n```\n\nThe page is at port 3000.\n',
  },
  { file: 'docs/empty.md', text: '# Empty\n\n## Parquet\n\n<!-- parquet -->\n' },
];

function corpusOf(documents: readonly Document[]): Corpus {
  const corpus = new Corpus();
  for (const document of documents) corpus.add(document);
  return corpus;
}

/** Every paragraph of an answer is a quotation and its number. */
function quotations(answer: string): { text: string; number: number }[] {
  return answer.split('\n\n').map((part) => {
    const [, text = '', number = ''] = /^(.*) \[(\d+)\]$/s.exec(part) ?? [];
    return { text, number: Number(number) };
  });
}

describe('answerFrom', () => {
  const corpus = corpusOf(DOCUMENTS);

  it('quotes the sentence that fits best, with its place', () => {
    const { answer, citations } = answerFrom(corpus, 'Who may submit data?', 5);
    expect(answer.split('\n\n')[0]).toBe('A researcher submits data. [1]');
    const [first] = citations;
    expect(first).toMatchObject({ number: 1, file: 'docs/roles.md', heading: 'Roles' });
    expect(DOCUMENTS[0]?.text.slice(first?.start, first?.end)).toBe(first?.text);
  });

  it('quotes the opening when only the heading fits', () => {
    expect(answerFrom(corpus, 'citizens', 5).answer).toBe('Reads datasets. [1]');
  });

  it('quotes commands', () => {
    expect(answerFrom(corpus, 'npm start', 5).answer).toContain('npm ci && npm start [1]');
  });

  it.each(['How do I bake bread?', 'what is it?', '???', 'parquet'])(
    'says plainly that nothing fits: %s',
    (question) => {
      expect(answerFrom(corpus, question, 5)).toEqual({ answer: NOTHING_FOUND, citations: [] });
    },
  );

  it('does not take the question given as an example for its answer', () => {
    const example = { file: 'README.md', text: '# Try\n\n```sh\nask "Who may submit data here?"\n```\n' };
    const { citations } = answerFrom(corpusOf([...DOCUMENTS, example]), 'Who may submit data here?', 5);
    expect(citations.map(({ file }) => file)).not.toContain('README.md');
    expect(citations[0]?.file).toBe('docs/roles.md');
  });

  it('does not call a passage an answer for one common word of many', () => {
    expect(answerFrom(corpus, 'Which wallet company won the football championship in Brazil?', 5).citations).toEqual(
      [],
    );
  });

  it('quotes only what is cited, word for word, whatever the documents and the question', () => {
    const word = fc.constantFrom(
      'role',
      'wallet',
      'flare',
      'Sun.',
      'data!',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '|',
      '```\n',
      '[1]',
      'x',
    );
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), text, fc.integer({ min: 1, max: 20 }), (texts, question, limit) => {
        const documents = texts.map((each, at) => ({ file: `${at}.md`, text: each }));
        const { answer, citations } = answerFrom(corpusOf(documents), question, limit);
        expect(citations.length).toBeLessThanOrEqual(limit);
        for (const [at, { number, file, start, end, text: span }] of citations.entries()) {
          expect(number).toBe(at + 1);
          expect(documents.find((document) => document.file === file)?.text.slice(start, end)).toBe(span);
        }
        if (citations.length === 0) expect(answer).toBe(NOTHING_FOUND);
        else
          for (const { text: quote, number } of quotations(answer))
            expect(citations[number - 1]?.text).toContain(quote);
      }),
    );
  });
});
