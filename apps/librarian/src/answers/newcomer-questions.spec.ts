// How often the first citation of an answer is of a document that answers the question, over the documents as they are installed.
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { Corpus, LAB_SCOPE, type Scope } from '../corpus/corpus.js';
import type { Document } from '../corpus/document.js';
import { readInstallation } from '../corpus/installation.js';
import { answerFrom } from './answering.js';
import { signsIn } from './confidence.js';
import { isFollowUp } from './follow-up.js';
import { dot, learnt, type Row } from './logistic.testing.js';
import {
  FRESH_QUESTIONS,
  HELD_OUT_QUESTIONS,
  NEWCOMER_QUESTIONS,
  type NewcomerQuestion,
  OTHER_FIELDS,
} from './newcomer-questions.testing.js';
import type { Answer } from './place.js';
import { ranked } from './ranking.js';
import { understood } from './understood.js';

const corpus = new Corpus();

beforeAll(async () => {
  const { documents } = await readInstallation(fileURLToPath(new URL('../../../..', import.meta.url)));
  for (const document of documents) corpus.add(document);
});

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

/** How often a question of the first kind is believed in more than one of the second: area under the ROC curve. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (first.length * second.length);
}

const ALL = [...NEWCOMER_QUESTIONS, ...HELD_OUT_QUESTIONS];
const EVERY = [...ALL, ...FRESH_QUESTIONS];

it('names documents that there are', () => {
  const files = new Set(corpus.documents().map(({ file }) => file));
  expect(EVERY.flatMap((each) => each.files).filter((file) => !files.has(file))).toEqual([]);
  expect([NEWCOMER_QUESTIONS, HELD_OUT_QUESTIONS, FRESH_QUESTIONS].map(({ length }) => length)).toEqual([60, 40, 40]);
});

/** A page that is written anew may take the first place of a question or two, right or wrong. */
const PAGES_CHANGE = 3;

it('answers what newcomers ask from the right document', () => {
  const misses = wrong(NEWCOMER_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(6);
});

it('does so for questions that nothing was tuned on', () => {
  const misses = wrong(HELD_OUT_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(11 + PAGES_CHANGE);
});

it('does so for questions that were written from the titles of pages alone', () => {
  const misses = wrong(FRESH_QUESTIONS);
  expect(misses.length, misses.join('\n')).toBeLessThanOrEqual(11 + PAGES_CHANGE);
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

/** What is left when the documents that answer are gone. */
const without = ({ files }: NewcomerQuestion): Scope => ({
  ...LAB_SCOPE,
  counts: ({ file }: Document): boolean => !files.includes(file),
});

const withouts = new Map<string, number>();
function confidenceWithout(each: NewcomerQuestion): number {
  const { question } = each;
  const confidence =
    withouts.get(question) ?? answerFrom(corpus, { question, limit: 5, context: [] }, without(each)).confidence;
  withouts.set(question, confidence);
  return confidence;
}

it('believes in its answers more than in those to questions of other fields, and refuses these', () => {
  const known = confidences(ALL.map(({ question }) => question));
  expect(areaUnderCurve(known, confidences(OTHER_FIELDS))).toBeGreaterThanOrEqual(0.98);
  expect(OTHER_FIELDS.filter((question) => ask(question).answered).length).toBeLessThanOrEqual(4);
  expect(ALL.filter(({ question }) => !ask(question).answered).length).toBeLessThanOrEqual(5);
});

it.each([
  { told: 'the questions that it was learnt on', questions: ALL, least: 0.84 },
  { told: 'the fresh ones', questions: FRESH_QUESTIONS, least: 0.79 },
  { told: 'all', questions: EVERY, least: 0.83 },
])('believes in answers to $told more than in those when the documents are gone', ({ questions, least }) => {
  const known = confidences(questions.map(({ question }) => question));
  expect(areaUnderCurve(known, questions.map(confidenceWithout))).toBeGreaterThanOrEqual(least);
});

const signsOf = (question: string, scope: Scope): number[] => {
  const asked = understood(corpus, { question, context: [] }, scope);
  const signs = signsIn(ranked(corpus, asked, scope).byWords, asked);
  return signs === undefined
    ? [0, 0, 1, 1, 0, 0]
    : [signs.said, signs.held, signs.unknown, signs.spread, signs.asked, signs.named];
};

/** What is learnt on some questions, measured on others. */
function learntAndMeasured(
  rows: readonly (readonly [Row, Row])[],
  others: readonly Row[],
  on: (at: number) => boolean,
) {
  const half = (at: number): boolean => at % 2 === 0;
  const taught = [...rows.filter((_, at) => on(at)).flat(), ...others.filter((_, at) => half(at))];
  const { weights, threshold } = learnt(taught);
  const [known, gone, other] = [
    rows.filter((_, at) => !on(at)).map(([{ x }]) => dot(x, weights)),
    rows.filter((_, at) => !on(at)).map(([, { x }]) => dot(x, weights)),
    others.filter((_, at) => !half(at)).map(({ x }) => dot(x, weights)),
  ];
  return { weights, threshold, gone: areaUnderCurve(known, gone), others: areaUnderCurve(known, other) };
}

it('would be as sure of them, had it learnt on other questions', async ({ annotate }) => {
  const rows = ALL.map((each): readonly [Row, Row] => [
    { x: signsOf(each.question, LAB_SCOPE), is: true },
    { x: signsOf(each.question, without(each)), is: false },
  ]);
  const others = OTHER_FIELDS.map((question): Row => ({ x: signsOf(question, LAB_SCOPE), is: false }));
  const halves = [
    learntAndMeasured(rows, others, (at) => at % 2 === 0),
    learntAndMeasured(rows, others, (at) => at % 2 === 1),
  ];
  const heldOut = learntAndMeasured(rows, others, (at) => at < NEWCOMER_QUESTIONS.length);
  const told = JSON.stringify({ halves, heldOut }, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(3)) : value,
  );
  await annotate(told);
  expect(Math.min(...halves.map(({ gone }) => gone)), told).toBeGreaterThanOrEqual(0.79);
  expect(heldOut.gone, told).toBeGreaterThanOrEqual(0.77);
  expect(Math.min(...[...halves, heldOut].map(({ others: area }) => area)), told).toBeGreaterThanOrEqual(0.94);
});
