// A logged solution answers with its cure, and never with what is only there to find it by.
import { describe, expect, it } from 'vitest';
import { Corpus, LAB_SCOPE } from '../corpus/corpus.js';
import { newDocument } from '../corpus/document.js';
import { documentOf, type Solution } from '../solutions/solution.js';
import { answerFrom } from './answering.js';

const CURE = 'Replace the tip seal and set the ramp to 10 s.';
const PUMP: Solution = {
  ...{ id: 'sol_1', sequence: 1, loggedAt: new Date(0), authorWalletId: 'wal_1', errorTemplates: [] },
  title: 'Gizmotron pump stalls',
  problem: 'The gizmotron pump stalls after an hour.',
  solution: CURE,
  tags: ['pump', 'gizmotron', 'cryofoo'],
  evidence: ['https://pumps.example/gizmotron'],
  variantOf: 'sol_0',
};
const OTHERS = [
  '# Roles\n\nEvery wallet has one role. A researcher submits data.\n',
  '# Dome\n\nHeat the shutter before you open the dome in winter.\n',
  '# Lamp\n\nThe neon lamp calibrates the spectrometer.\n',
];

function ask(question: string, { limit = 5, ...said }: Partial<Solution> & { limit?: number } = {}) {
  const corpus = new Corpus();
  for (const [at, text] of OTHERS.entries()) corpus.add(newDocument({ file: `${at}.md`, text, collection: 'docs' }));
  const document = documentOf({ ...PUMP, ...said });
  corpus.add(document);
  const answer = answerFrom(corpus, { question, limit, context: [] }, LAB_SCOPE);
  for (const { start, end, text } of [...answer.claims, ...answer.citations])
    expect(document.text.slice(start, end)).toBe(text);
  return answer;
}
const claims = (...asked: Parameters<typeof ask>) => ask(...asked).claims.map(({ text }) => text);

const HOW = 'How do I fix the stalling gizmotron pump?';

describe('a logged solution', () => {
  it('answers with its cure first, then its problem, and nothing else', () => {
    expect(claims(HOW)).toEqual([CURE, PUMP.problem]);
    expect(claims(HOW, { limit: 1 })).toEqual([CURE]);
    const { citations } = ask(HOW);
    expect(citations.map(({ heading }) => heading.split(' > ')[1])).toEqual(['Solution', 'Problem', 'Evidence']);
    expect(citations.map(({ score }) => score).toSorted((a, b) => b - a)).toEqual(citations.map(({ score }) => score));
  });

  it('is found by its tags and evidence, and says its cure', () => {
    expect(claims('cryofoo')).toEqual([CURE]);
    expect(claims('Which page is pumps.example?')[0]).toBe(CURE);
  });

  it('says how its cure begins, and what of it was asked for', () => {
    const solution = 'Replace the tip seal. Wait until it is cold. Set the ramp of the gizmotron to 10 s.';
    expect(claims('What is the ramp of the gizmotron?', { solution }).slice(0, 2)).toEqual([
      'Replace the tip seal.',
      'Set the ramp of the gizmotron to 10 s.',
    ]);
  });

  it('says a cure that is all code, and one under headings of its own', () => {
    expect(claims(HOW, { solution: 'Run it so:\n\n```sh\nseal --new\n```' })[0]).toBe('seal --new');
    expect(claims(HOW, { solution: '## Steps\n\n- Replace the seal.\n\n## Later\n\nWait.' })[0]).toBe(
      'Replace the seal.',
    );
  });

  it('has the text that it had, whatever is quoted of it', () => {
    expect(documentOf(PUMP).text).toBe(
      `# Gizmotron pump stalls\n\n## Problem\n\n${PUMP.problem}\n\n## Solution\n\n${CURE}\n\nTags: pump, gizmotron, cryofoo\n\nAnother solution of the same: kb://solutions/sol_0.md\n\n## Evidence\n\n- \`https://pumps.example/gizmotron\`\n`,
    );
  });
});
