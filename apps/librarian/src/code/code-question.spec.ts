// Which questions are of the code: none that newcomers ask.
import { describe, expect, it } from 'vitest';
import { HELD_OUT_QUESTIONS, NEWCOMER_QUESTIONS } from '../answers/newcomer-questions.testing.js';
import { codeQuestion } from './code-question.js';

describe('a question', () => {
  it.each([
    ['Where in the code are trees signed?', 'are trees signed?'],
    ['In the code, which function folds accents?', ', which function folds accents?'],
    ['Which source file reads CSV?', 'reads CSV?'],
    ['How is a policy compiled in LabMesh’s source code?', 'How is a policy compiled ?'],
  ])('says that the code is meant: %s', (question, rest) => {
    const asked = codeQuestion(question);
    expect([asked.saysSo, asked.question.replace(/\s+/g, ' ').trim()]).toEqual([true, rest]);
  });

  it.each([
    ['What does poolTransaction do?', ['poolTransaction']],
    ['What is SearchIndex and what CONFIDENCE_MIN?', ['SearchIndex', 'CONFIDENCE_MIN']],
    ['Does resemblance() compare dataset_id?', ['resemblance', 'dataset_id']],
    ['What is a vial, in the lab?', []],
    ['In the code', []],
  ])('names what programs name: %s', (question, names) => {
    expect(codeQuestion(question).names).toEqual(names);
  });

  it('of a newcomer never says so', () => {
    const all = [...NEWCOMER_QUESTIONS, ...HELD_OUT_QUESTIONS].map(({ question }) => question);
    expect(all.filter((question) => codeQuestion(question).saysSo)).toEqual([]);
  });
});
