// Which questions go on from others, and from which.
import { describe, expect, it } from 'vitest';
import { isFollowUp, meantBy } from './follow-up.js';
import { NEWCOMER_QUESTIONS } from './newcomer-questions.testing.js';

describe('isFollowUp', () => {
  it.each([
    'And how do I remove it?',
    'how do I remove them again?',
    'What does that cost?',
    'Why?',
    'and on Kubernetes?',
    'What about replicas?',
    'Can I change that?',
    'In a container?',
    'Who may do this?',
    'What are its limits?',
  ])('%s', (question) => expect(isFollowUp(question)).toBe(true));

  it.each([
    'How do I connect my telescope?',
    'Is there a Docker setup?',
    'Somebody put one of our keys on GitHub, what should I do?',
    'Which tool is it that tells me why a job of mine waits?',
    'What is a vial?',
    'In which folder should new code live in this repository?',
    'And how do I run the test suite?',
    '认证系统使用JWT令牌',
  ])('not %s', (question) => expect(isFollowUp(question)).toBe(false));

  it('is none of what newcomers ask first, but for a few that say "it" of the lab', () => {
    const taken = NEWCOMER_QUESTIONS.filter(({ question }) => isFollowUp(question));
    expect(taken.length, taken.map(({ question }) => question).join('\n')).toBeLessThanOrEqual(10);
  });
});

describe('meantBy', () => {
  it('goes back to the last question that stands by itself', () => {
    const context = ['How do I stake?', 'How do I add a source?', 'and for whom is it?'];
    expect(meantBy('and how do I remove it?', context)).toEqual(['and for whom is it?', 'How do I add a source?']);
  });

  it('takes nothing for a question that stands by itself, and has nothing to take from no context', () => {
    expect(meantBy('How do I connect my telescope?', ['How do I stake?'])).toEqual([]);
    expect(meantBy('and it?', [])).toEqual([]);
  });
});
