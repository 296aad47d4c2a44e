// How often the first citation of an answer is of a document that answers the question, over the documents as they are installed.
import { expect, it } from 'vitest';
import { LAB_SCOPE } from '../corpus/corpus.js';
import { answerFrom } from './answering.js';
import { BLIND_QUESTIONS } from './blind-questions.testing.js';
import { isFollowUp } from './follow-up.js';
import { installedCorpus } from './installed-corpus.testing.js';
import { areaUnderCurve } from './measures.testing.js';
import {
  FRESH_QUESTIONS,
  HELD_OUT_QUESTIONS,
  NEWCOMER_QUESTIONS,
  type NewcomerQuestion,
  OTHER_FIELDS,
} from './newcomer-questions.testing.js';
import type { Answer } from './place.js';

const { corpus } = await installedCorpus();

const asked = (question: string, context: readonly string[] = []): Answer =>
  answerFrom(corpus, { question, limit: 5, context }, LAB_SCOPE);

/** Each question is asked once, for all that is told of its answer: the documents stay as they are. */
const answers = new Map<string, Answer>();
function ask(question: string): Answer {
  const answer = answers.get(question) ?? asked(question);
  answers.set(question, answer);
  return answer;
}

/** What is first, whether it is called an answer or only the nearest. */
const firstOf = ({ citations, nearest }: Answer): string | undefined => (citations[0] ?? nearest[0])?.file;

/** The questions whose first passage is of another document, with that document. */
const wrong = (questions: readonly NewcomerQuestion[]): string[] =>
  questions.flatMap(({ question, files }) => {
    const first = firstOf(ask(question));
    return first !== undefined && files.includes(first) ? [] : [`${question} ${first ?? 'nothing'}`];
  });

const confidences = (questions: readonly string[]): number[] => questions.map((question) => ask(question).confidence);

const ALL = [...NEWCOMER_QUESTIONS, ...HELD_OUT_QUESTIONS];
const EVERY = [...ALL, ...FRESH_QUESTIONS];

it('names documents that there are', () => {
  const files = new Set(corpus.documents().map(({ file }) => file));
  expect([...EVERY, ...BLIND_QUESTIONS].flatMap((each) => each.files).filter((file) => !files.has(file))).toEqual([]);
  expect(
    [NEWCOMER_QUESTIONS, HELD_OUT_QUESTIONS, FRESH_QUESTIONS, BLIND_QUESTIONS].map(({ length }) => length),
  ).toEqual([60, 40, 40, 60]);
});

/** A page that is written anew may take the first place of a question or two, right or wrong. */
const PAGES_CHANGE = 3;

it('answers what newcomers ask from the right document', () => {
  const misses = wrong(NEWCOMER_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(6);
});

it('does so for questions that nothing was tuned on', () => {
  const misses = wrong(HELD_OUT_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(8 + PAGES_CHANGE);
});

it('does so for questions that were written from the titles of pages alone', () => {
  const misses = wrong(FRESH_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(6 + PAGES_CHANGE);
});

it('does so for blind ones', () => {
  const misses = wrong(BLIND_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(15 + PAGES_CHANGE);
});

it('answers from the tutorial how a telescope is connected', () => {
  const { claims } = ask('How do I connect my telescope?');
  expect(claims[0]?.file).toBe('docs/tutorials/connect-a-telescope.md');
  expect(claims.map(({ text }) => text).join(' ')).toMatch(/ASCOM Alpaca/);
});

it('is no worse for a question that stands by itself when others came before it', () => {
  for (const { question } of ALL.filter((each) => !isFollowUp(each.question)))
    expect(asked(question, ['How do I bring a saved lab back?', 'and then?'])).toEqual(ask(question));
});

it('believes in its answers more than in those to questions of other fields, and refuses these', () => {
  const known = confidences(ALL.map(({ question }) => question));
  expect(areaUnderCurve(known, confidences(OTHER_FIELDS))).toBeGreaterThanOrEqual(0.98);
  expect(OTHER_FIELDS.filter((question) => ask(question).answered).length).toBeLessThanOrEqual(4);
  expect(ALL.filter(({ question }) => !ask(question).answered).length).toBeLessThanOrEqual(5);
});
