// Questions of the code against an installation of a few files, with the real extraction; and against LabMesh's own.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Call } from '@labmesh/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AskedPart } from '../answers/asked-part.js';
import { Knowledge } from '../answers/knowledge.js';
import { AS_IT_STANDS } from '../answers/spelling/spelling.testing.js';
import { Corpus, LAB_SCOPE } from '../corpus/corpus.js';
import { newDocument } from '../corpus/document.js';
import { NO_PROJECTS } from '../projects/projects.testing.js';
import { Extraction } from '../sources/extraction/extraction.js';
import { CodeAnswers } from './code-answers.js';
import { CodeShelf } from './code-shelf.js';
import { sourceFilesUnder } from './source-files.js';

const OWN = join(import.meta.dirname, '../../../..');
const PUMP = `// Pumps of the lab.

/** Degasses the rotor before each start. */
export class RotorPump {
  start(): void {
    // Seven turns: fewer leave bubbles behind.
    go(7);
  }
}
`;
const FILES: Readonly<Record<string, string>> = {
  'apps/architect/vials/sky-vial/template.json': '{"summary": "Looks at the nebulous sky.", "tools": ["a"]}',
  'apps/pumps/src/pump.ts': PUMP,
  'libs/gauges/src/gauge.py': '"""Gauges that the cryostat has."""\n',
  'libs/gauges/src/silent.ts': 'export const silent = 1;\n',
  'apps/pumps/src/pump.spec.ts': '// Tests are left out.\n',
  'apps/pumps/src/generated/a.ts': '// As is what was generated.\n',
  'apps/pumps/dist/pump.mjs': '// As is what was built.\n',
  'libs/node_modules/x/a.ts': '// As are packages.\n',
  'other/a.ts': '// And what is no part of LabMesh.\n',
};

const extraction = new Extraction();
const log = { info: () => undefined, warn: () => undefined };
let folder: string;
const corpus = new Corpus();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-code-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(folder, 'lab', dirname(path)), { recursive: true });
    await writeFile(join(folder, 'lab', path), text);
  }
  await writeFile(join(folder, 'secret.ts'), '// Nobody reads this.\n');
  await symlink(join(folder, 'secret.ts'), join(folder, 'lab/apps/pumps/src/linked.ts'));
  await symlink(join(folder, 'lab/other'), join(folder, 'lab/libs/linked'));
  corpus.put(newDocument({ file: 'README.md', collection: 'docs', text: '# Pumps\n\nA GaugeReader reads pumps.\n' }));
});
afterAll(async () => {
  extraction.onModuleDestroy();
  await rm(folder, { recursive: true, force: true });
});

const shelfOf = (installRoot = join(folder, 'lab')) => new CodeShelf({ installRoot }, extraction, log);

/** As the knowledge base asks; without an answer, all else is asked. */
async function ask(shelf: Pick<CodeShelf, 'within'>, question: string, part: AskedPart = {}) {
  const code = new CodeAnswers(shelf);
  const asked = { question, context: [], limit: 5, ...part };
  const turn = code.turnOf(asked, corpus, LAB_SCOPE);
  const answer = await code.answer(turn, asked, { deadline: Date.now() + 60_000 });
  return { turn, isRead: answer !== 'unread', answer: answer === 'unread' ? undefined : answer };
}
const only = { collections: ['code'] };

it('takes plain files of code and templates, no links, tests, packages, nor what was built or generated', async () => {
  const { files, cut } = await sourceFilesUnder(join(folder, 'lab'));
  expect([[...files.keys()], cut]).toEqual([Object.keys(FILES).slice(0, 4), false]);
  expect((await sourceFilesUnder(join(folder, 'nowhere'))).files.size).toBe(0);
});

describe('a question', () => {
  it('that asks the code alone is answered by a comment, at its place in the file, under its symbols', async () => {
    const shelf = shelfOf();
    const { turn, answer } = await ask(shelf, 'How many turns leave bubbles behind?', only);
    expect([turn, answer?.answered]).toEqual(['alone', true]);
    const [claim] = answer?.claims ?? [];
    expect(claim).toMatchObject({
      ...{ file: 'apps/pumps/src/pump.ts', collection: 'code', line: 6, path: ['RotorPump', 'start'] },
      ...{ text: 'Seven turns: fewer leave bubbles behind.', heading: 'RotorPump > start' },
    });
    expect(PUMP.slice(claim?.start, claim?.end)).toBe(claim?.text);
    const document = await shelf.document('apps/pumps/src/pump.ts');
    expect(document).toMatchObject({ text: PUMP, version: claim?.version });
    const template = await ask(shelf, 'Which sky is looked at, nebulous?', only);
    expect(template.answer?.claims[0]).toMatchObject({ text: 'Looks at the nebulous sky.', path: ['sky-vial'] });
    expect((await ask(shelf, 'Who bakes bread?', only)).answer).toMatchObject({ answered: false });
  });

  it('is of the code first when it says so, or names what is there and nowhere else', async () => {
    const turn = async (question: string, part: AskedPart = {}) => {
      const told = await ask(shelfOf(), question, part);
      return [told.turn, told.answer?.claims[0]?.text];
    };
    const degassed = 'Degasses the rotor before each start.';
    expect(await turn('What does RotorPump do?')).toEqual(['first', degassed]);
    expect(await turn('Where in the code is the rotor degassed before each start?')).toEqual(['first', degassed]);
    // A document has it; nothing has it; no name; narrowed to what is no code.
    expect(await turn('What does GaugeReader do?')).toEqual(['never', undefined]);
    expect(await turn('What does RotorBakery do?')).toEqual(['first', undefined]);
    expect(await turn('What does the rotor do before each start?')).toEqual(['never', undefined]);
    expect(await turn('What does RotorPump do?', { collections: ['docs'] })).toEqual(['never', undefined]);
    expect(await turn('What does RotorPump do?', { since: '2026-01-01T00:00:00Z' })).toEqual(['never', undefined]);
    expect(await turn('What does RotorPump do?', { collections: ['docs', 'code'] })).toEqual(['last', degassed]);
  });

  it('waits for the code no longer than it has time, and asks all else then', async () => {
    const slow = { within: async (): Promise<undefined> => undefined };
    expect((await ask(slow, 'What does RotorPump do?')).isRead).toBe(false);
    expect((await ask(slow, 'What does the rotor do before each start?')).isRead).toBe(true);
    await expect(ask(slow, 'RotorPump', only)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that is answered without the code, as it is not read yet, is told so', async () => {
    const slow = { within: async (): Promise<undefined> => undefined };
    const library = { readBy: async () => ({ corpus, scope: LAB_SCOPE }) };
    const shelf = shelfOf();
    const meanings = { of: async () => undefined };
    const call = { deadline: Date.now() + 60_000 } as unknown as Call;
    const of = (code: Pick<CodeShelf, 'within'>, question: string) =>
      new Knowledge(library, meanings, NO_PROJECTS, new CodeAnswers(code), shelf, AS_IT_STANDS).answer(
        { question, limit: 5, context: [] },
        call,
      );
    const answer = await of(slow, 'Where in the code does a GaugeReader read pumps?');
    expect(answer).toMatchObject({ unread: ['code'], answer: expect.stringMatching(/code is still being read/) });
    for (const told of [
      await of(slow, 'What reads pumps?'),
      await of(shelf, 'Where in the code is the rotor degassed?'),
    ])
      expect([told.unread, told.answer]).toEqual([undefined, expect.not.stringMatching(/being read/)]);
  });
});

it('a file is read by no other name than those that were found', async () => {
  const shelf = shelfOf();
  expect((await shelf.document('libs/gauges/src/silent.ts'))?.text).toContain('silent');
  for (const name of ['../secret.ts', 'apps/pumps/src/linked.ts', 'apps/pumps/../pumps/src/pump.ts', 'other/a.ts', ''])
    expect(await shelf.document(name)).toBeUndefined();
});

it('an installation without code has an empty shelf', async () => {
  const shelf = shelfOf(join(folder, 'nowhere'));
  expect(await shelf.size()).toEqual({ documents: 0, characters: 0 });
  expect((await ask(shelf, 'What does RotorPump do?', only)).answer).toMatchObject({ answered: false, nearest: [] });
});

it.each([
  ['Which source file refuses twins of keys in JSON?', 'apps/curator/src/formats/json.ts'],
  ['What does poolTransaction do?', 'libs/db/src/pool-transaction.ts'],
  ['What is boundedCache for?', 'libs/runtime/src/bounded-cache.ts'],
  ['Where in the code are Merkle trees signed?', 'apps/sentinel/src/audit/tree-signing.ts'],
  ['Where in the code is the policy compiled?', 'libs/identity/src/compiled-policy.ts'],
  ['How does resemblance() compare two solutions?', 'apps/librarian/src/solutions/sameness.ts'],
  ['In the code, which function folds accents?', 'libs/search/src/analysis/folding.ts'],
  ['How are the light curves of a star made, in the code?', 'files/src/observatory/lightcurve.py'],
])('LabMesh’s own code answers: %s', async (question, file) => {
  const read = await own.within(240_000);
  const { answer } = await ask({ within: async () => read }, question, only);
  const cited = answer?.citations.slice(0, 3).map((each) => each.file);
  expect(cited).toEqual(expect.arrayContaining([expect.stringContaining(file)]));
});
const own = shelfOf(OWN);
