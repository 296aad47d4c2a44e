// Answers are made of quotations: each stands in the passage that its number cites.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Corpus, LAB_SCOPE } from '../corpus/corpus.js';
import { type Document, newDocument } from '../corpus/document.js';
import { answerFrom, NOTHING_FOUND } from './answering.js';
import type { Answer } from './place.js';

const textOf = (file: string, text: string): Document => newDocument({ file, text, collection: 'docs' });

const DOCUMENTS: readonly Document[] = [
  textOf(
    'docs/roles.md',
    '# Roles\n\nEvery wallet has one role. A researcher submits data.\n\n## Citizen\n\nReads datasets. Pays from the own wallet.\n',
  ),
  textOf('docs/start.md', '# Start\n\nRun it:\n\n```sh\nnpm ci && npm start\n```\n\nThe page is at port 3000.\n'),
  textOf('docs/empty.md', '# Empty\n\n## Parquet\n\n<!-- parquet -->\n'),
];

function corpusOf(documents: readonly Document[]): Corpus {
  const corpus = new Corpus();
  for (const document of documents) corpus.add(document);
  return corpus;
}

const ask = (corpus: Corpus, question: string, limit: number): Answer =>
  answerFrom(corpus, { question, limit, context: [] }, LAB_SCOPE);

describe('answerFrom', () => {
  const corpus = corpusOf(DOCUMENTS);

  it('quotes the sentence that fits best, with its place', () => {
    const { answer, citations } = ask(corpus, 'Who may submit data?', 5);
    expect(answer.split('\n\n')[0]).toBe('A researcher submits data. [1]');
    const [first] = citations;
    expect(first).toMatchObject({ number: 1, file: 'docs/roles.md', heading: 'Roles' });
    expect(DOCUMENTS[0]?.text.slice(first?.start, first?.end)).toBe(first?.text);
  });

  it('quotes the opening when only the heading fits', () => {
    expect(ask(corpus, 'citizens', 5).answer).toBe('Reads datasets. [1]');
  });

  it('quotes what is said about a command, and neither the command nor what leads on to it', () => {
    const { answer, citations } = ask(corpus, 'npm start', 5);
    expect(answer).toBe('The page is at port 3000. [1]');
    expect(citations[0]?.text).toContain('npm ci && npm start');
  });

  it('says where each claim stands', () => {
    const { claims } = ask(corpus, 'Who may submit data?', 5);
    const text = DOCUMENTS[0]?.text ?? '';
    const start = text.indexOf('A researcher');
    expect(claims[0]).toEqual({
      number: 1,
      file: 'docs/roles.md',
      collection: 'docs',
      collectionName: 'docs',
      title: 'Roles',
      heading: 'Roles',
      path: ['Roles'],
      version: DOCUMENTS[0]?.version,
      start,
      end: start + 'A researcher submits data.'.length,
      line: 3,
      link: `kb://docs/roles.md#span=${start}-${start + 'A researcher submits data.'.length}`,
      text: 'A researcher submits data.',
    });
  });

  it.each(['How do I bake bread?', 'what is it?', '???', 'parquet'])(
    'says plainly that nothing fits: %s',
    (question) => {
      expect(ask(corpus, question, 5)).toMatchObject({
        answered: false,
        answer: NOTHING_FOUND,
        claims: [],
        citations: [],
      });
    },
  );

  it('does not take the question given as an example for its answer', () => {
    const example = textOf('README.md', '# Try\n\n```sh\nask "Who may submit data here?"\n```\n');
    const { citations } = ask(corpusOf([...DOCUMENTS, example]), 'Who may submit data here?', 5);
    expect(citations.map(({ file }) => file)).not.toContain('README.md');
    expect(citations[0]?.file).toBe('docs/roles.md');
  });

  it('does not call a passage an answer for one common word of many', () => {
    expect(ask(corpus, 'Which wallet company won the football championship in Brazil?', 5).citations).toEqual([]);
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
        const documents = texts.map((each, at) => textOf(`${at}.md`, each));
        const { answered, answer, claims, citations, nearest } = ask(corpusOf(documents), question, limit);
        expect(citations.length).toBeLessThanOrEqual(limit);
        for (const { file, version, start, end, text: span } of [...claims, ...citations, ...nearest]) {
          const document = documents.find((each) => each.file === file);
          expect(document?.version).toBe(version);
          expect(document?.text.slice(start, end)).toBe(span);
        }
        expect(citations.map(({ number }) => number)).toEqual(citations.map((_, at) => at + 1));
        if (!answered) expect([answer, claims, citations]).toEqual([NOTHING_FOUND, [], []]);
        else expect(answer).toBe(claims.map(({ text: quote, number }) => `${quote} [${number}]`).join('\n\n'));
        for (const { text: quote, number } of claims) expect(citations[number - 1]?.text).toContain(quote);
      }),
    );
  });
});
