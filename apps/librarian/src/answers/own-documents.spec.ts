// What a lab wrote down of itself is found beside LabMesh's documents, whose authors gave them other words; and refused without it.
import { expect, it } from 'vitest';
import { LAB_SCOPE, type Scope } from '../corpus/corpus.js';
import { newDocument } from '../corpus/document.js';
import { answerFrom } from './answering.js';
import { installedCorpus } from './installed-corpus.testing.js';
import { areaUnderCurve } from './measures.testing.js';
import { OWN_DOCUMENTS } from './own-documents.testing.js';
import type { Answer } from './place.js';

const { corpus } = await installedCorpus();
const SHELF = 'own';
const scope: Scope = { shelves: [...LAB_SCOPE.shelves, SHELF] };
const fileOf = (at: number): string => `own/${at}.md`;
const ask = (question: string): Answer => answerFrom(corpus, { question, limit: 5, context: [] }, scope);

it('is answered from what the lab wrote, and most of it refused before that was there', () => {
  const before = OWN_DOCUMENTS.map(({ question }) => ask(question));
  const without = OWN_DOCUMENTS.filter((_, at) => before[at]?.answered);
  expect(without.length, without.map(({ question }) => question).join('\n')).toBeLessThanOrEqual(7);
  for (const [at, { text }] of OWN_DOCUMENTS.entries())
    corpus.put(newDocument({ file: fileOf(at), text, collection: SHELF }), SHELF);
  const now = OWN_DOCUMENTS.map(({ question }) => ask(question));
  const sure = (answers: readonly Answer[]): number[] => answers.map(({ confidence }) => confidence);
  expect(areaUnderCurve(sure(now), sure(before))).toBeGreaterThanOrEqual(0.95);
  const misses = OWN_DOCUMENTS.filter((_, at) => now[at]?.citations[0]?.file !== fileOf(at));
  // A page of LabMesh's that is written anew may take the first place of one.
  expect(misses.length, misses.map(({ question }) => question).join('\n')).toBeLessThanOrEqual(2);
});
