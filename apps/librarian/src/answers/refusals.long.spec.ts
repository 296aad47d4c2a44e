// How well answers are told from what is only near, where the documents that answer a question are not installed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LAB_SCOPE } from '../corpus/corpus.js';
import { answerFrom } from './answering.js';
import { BLIND_QUESTIONS } from './blind-questions.testing.js';
import { CONFIDENCE_MIN, signsIn } from './confidence.js';
import { installedCorpus } from './installed-corpus.testing.js';
import { dot, learnt, type Row } from './logistic.testing.js';
import { areaUnderCurve } from './measures.testing.js';
import {
  FRESH_QUESTIONS,
  HELD_OUT_QUESTIONS,
  NEWCOMER_QUESTIONS,
  type NewcomerQuestion,
  OTHER_FIELDS,
} from './newcomer-questions.testing.js';
import { ranked } from './ranking.js';
import { patientSpelling } from './spelling/spelling.testing.js';
import { understood } from './understood.js';

interface Said {
  readonly confidence: number;
  readonly signs: readonly number[];
}

/** What is said of a question, and what without the documents that answer it. */
interface Pair {
  readonly known: Said;
  readonly gone: Said;
}

const ALL = [...NEWCOMER_QUESTIONS, ...HELD_OUT_QUESTIONS];
const { corpus, documents } = await installedCorpus();
const pairs = new Map<NewcomerQuestion, Pair>();
let others: readonly Said[] = [];
const spelling = patientSpelling();
afterAll(() => spelling.onModuleDestroy());

async function said(as: string): Promise<Said> {
  const question = await spelling.read(as, (terms) => corpus.counts(terms));
  const asked = understood(corpus, { question, context: [] }, LAB_SCOPE);
  const signs = signsIn(ranked(corpus, asked, LAB_SCOPE).byWords, asked);
  return {
    confidence: answerFrom(corpus, { question, limit: 5, context: [] }, LAB_SCOPE).confidence,
    signs: signs === undefined ? [0, 0, 1, 1] : [signs.said, signs.held, signs.unknown, signs.spread],
  };
}

beforeAll(async () => {
  others = await Promise.all(OTHER_FIELDS.map(said));
  const every = [...ALL, ...FRESH_QUESTIONS, ...BLIND_QUESTIONS];
  const known = await Promise.all(every.map(({ question }) => said(question)));
  for (const [at, each] of every.entries()) {
    for (const file of each.files) corpus.remove(file);
    pairs.set(each, { known: known[at] as Said, gone: await said(each.question) });
    for (const document of documents) corpus.add(document);
  }
});

const pairsOf = (questions: readonly NewcomerQuestion[]): Pair[] =>
  questions.flatMap((question) => pairs.get(question) ?? []);

it.for([
  { told: 'the questions that it was learnt on', questions: ALL, gone: 0.84, other: 0.98 },
  { told: 'the fresh ones', questions: FRESH_QUESTIONS, gone: 0.84, other: 0.96 },
  { told: 'the blind ones', questions: BLIND_QUESTIONS, gone: 0.74, other: 0.94 },
])(
  'believes in answers to $told more than without the documents',
  async ({ questions, gone, other, told }, { annotate }) => {
    const each = pairsOf(questions);
    const known = each.map((pair) => pair.known.confidence);
    const whenGone = each.map((pair) => pair.gone.confidence);
    const besideGone = areaUnderCurve(known, whenGone);
    const besideOthers = areaUnderCurve(
      known,
      others.map(({ confidence }) => confidence),
    );
    const refused = (all: readonly number[]): number => all.filter((one) => one < CONFIDENCE_MIN).length;
    const areas = `${besideGone.toFixed(3)} beside those without, ${besideOthers.toFixed(3)} beside other fields`;
    await annotate(`${told}: ${areas}; refused ${refused(known)}, without ${refused(whenGone)} of ${each.length}`);
    expect(besideGone).toBeGreaterThanOrEqual(gone);
    expect(besideOthers).toBeGreaterThanOrEqual(other);
  },
);

/** What is learnt on some questions and half of other fields, measured on others. */
function learntAndMeasured(on: readonly NewcomerQuestion[], off: readonly NewcomerQuestion[]) {
  const taught = pairsOf(on).flatMap(({ known, gone }): Row[] => [
    { x: known.signs, is: true },
    { x: gone.signs, is: false },
  ]);
  const half = others.filter((_, at) => at % 2 === 0).map(({ signs }): Row => ({ x: signs, is: false }));
  const { weights, threshold } = learnt([...taught, ...half]);
  const sure = (all: readonly Said[]): number[] => all.map(({ signs }) => dot(signs, weights));
  const measured = pairsOf(off);
  const known = sure(measured.map((pair) => pair.known));
  return {
    weights,
    threshold,
    gone: areaUnderCurve(known, sure(measured.map((pair) => pair.gone))),
    others: areaUnderCurve(known, sure(others.filter((_, at) => at % 2 === 1))),
  };
}

it('would be as sure of them, had it learnt on other questions', async ({ annotate }) => {
  const [even, odd] = [0, 1].map((rest) => ALL.filter((_, at) => at % 2 === rest)) as [
    NewcomerQuestion[],
    NewcomerQuestion[],
  ];
  const all = {
    halves: [learntAndMeasured(even, odd), learntAndMeasured(odd, even)],
    heldOut: learntAndMeasured(NEWCOMER_QUESTIONS, HELD_OUT_QUESTIONS),
    fresh: learntAndMeasured(ALL, FRESH_QUESTIONS),
  };
  const told = JSON.stringify(all, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(3)) : value,
  );
  await annotate(told);
  for (const { gone, others: area } of [...all.halves, all.heldOut, all.fresh]) {
    expect(gone, told).toBeGreaterThanOrEqual(0.79);
    expect(area, told).toBeGreaterThanOrEqual(0.93);
  }
});
