// How often the first citation of an answer is of a document that answers the question, over the documents as they are installed.
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { Corpus, LAB_SCOPE } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { readInstallation } from '../corpus/installation.js';
import { answerFrom } from './answering.js';
import { isFollowUp } from './follow-up.js';
import {
  HELD_OUT_QUESTIONS,
  NEWCOMER_QUESTIONS,
  type NewcomerQuestion,
  OTHER_FIELDS,
} from './newcomer-questions.testing.js';
import type { Answer } from './place.js';

const corpus = new Corpus();

beforeAll(async () => {
  const { documents } = await readInstallation(fileURLToPath(new URL('../../../..', import.meta.url)));
  for (const document of documents) corpus.add(document);
});

const ask = (question: string, context: readonly string[] = []) =>
  answerFrom(corpus, { question, limit: 5, context }, LAB_SCOPE);

/** What is first, whether it is called an answer or only the nearest. */
const firstOf = ({ citations, nearest }: Answer): string | undefined => (citations[0] ?? nearest[0])?.file;

/** The questions whose first passage is of another document, with that document. */
const wrong = (questions: readonly NewcomerQuestion[], context: readonly string[] = []): string[] =>
  questions.flatMap(({ question, files }) => {
    const first = firstOf(ask(question, context));
    return first !== undefined && files.includes(first) ? [] : [`${question} ${first ?? 'nothing'}`];
  });

const confidences = (questions: readonly string[]): number[] => questions.map((question) => ask(question).confidence);

/** How often a question of the first kind is believed in more than one of the second: area under the ROC curve. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (first.length * second.length);
}

const ALL = [...NEWCOMER_QUESTIONS, ...HELD_OUT_QUESTIONS];

it('names documents that there are', () => {
  const files = new Set(corpus.documents().map(({ file }) => file));
  expect(ALL.flatMap((each) => each.files).filter((file) => !files.has(file))).toEqual([]);
  expect([NEWCOMER_QUESTIONS.length, HELD_OUT_QUESTIONS.length]).toEqual([60, 40]);
});

/** A page that is written anew may take the first place of a question or two, right or wrong. */
const PAGES_CHANGE = 3;

it('answers what newcomers ask from the right document', () => {
  const misses = wrong(NEWCOMER_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(6);
});

it('does so for questions that nothing was tuned on', () => {
  const misses = wrong(HELD_OUT_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(15 + PAGES_CHANGE);
});

it('answers from the tutorial how a telescope is connected', () => {
  const { claims } = ask('How do I connect my telescope?');
  expect(claims[0]?.file).toBe('docs/tutorials/connect-a-telescope.md');
  expect(claims.map(({ text }) => text).join(' ')).toMatch(/ASCOM Alpaca/);
});

it('is no worse for a question that stands by itself when others came before it', () => {
  for (const { question } of ALL.filter((each) => !isFollowUp(each.question)))
    expect(ask(question, ['How do I bring a saved lab back?', 'and then?'])).toEqual(ask(question));
});

it('believes in its answers more than in those to questions of other fields, and refuses these', () => {
  const others = confidences(OTHER_FIELDS);
  const area = areaUnderCurve(confidences(ALL.map(({ question }) => question)), others);
  expect(area).toBeGreaterThanOrEqual(0.95);
  expect(OTHER_FIELDS.filter((question) => ask(question).answered).length).toBeLessThanOrEqual(4);
});

it('believes in its answers more than in those to questions whose documents are gone', () => {
  const known = confidences(ALL.map(({ question }) => question));
  const gone = ALL.map(({ question, files }) => {
    const counts = ({ file }: Document): boolean => !files.includes(file);
    return answerFrom(corpus, { question, limit: 5, context: [] }, { ...LAB_SCOPE, counts }).confidence;
  });
  expect(areaUnderCurve(known, gone)).toBeGreaterThanOrEqual(0.65);
});
