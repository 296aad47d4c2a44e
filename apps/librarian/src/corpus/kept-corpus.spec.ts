// A corpus in a folder answers as one in memory, and as it did before a new start; what is made anew is what cannot be trusted.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FieldSpec, SearchIndex, tokenize } from '@labmesh/search';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commentQuotes } from '../code/comment-quotes.js';
import { Corpus, LAB_SHELF, type Scope } from './corpus.js';
import { type Document, newDocument } from './document.js';
import { type KeptCorpus, openKeptCorpus } from './kept-corpus.js';
import { DOCUMENT_FIELDS, FIELDS } from './passage-terms.js';

const MANUAL = `# Pumps

<!-- also: it hums, no vacuum -->

A pump stalls below 3 mbar. Why does it stall? Its valve is dirty. 🛠️

\`\`\`
pump --restart
\`\`\`
`;
const CODE =
  '/**\n * Starts the pump.\n *\n * Valves are closed\n * before it. @throws when there is no power\n */\nstart();\n';
const documents: Document[] = [
  {
    ...newDocument({ file: 'c1/pumps.md', text: MANUAL, collection: 'c1', collectionName: 'manuals' }),
    at: new Date(5),
  },
  newDocument({
    file: 'c1/half.txt',
    text: 'Half of a pair \ud83d in a pump log.',
    collection: 'c1',
    kind: 'text',
    title: 'Log',
  }),
  {
    ...newDocument({ file: 'c1/pump.ts', text: CODE, collection: 'c1', kind: 'text' }),
    comments: [{ start: 0, end: CODE.indexOf('start()'), path: ['start'] }],
  },
  newDocument({ file: 'c1/empty.md', text: '', collection: 'c1' }),
];
const scope: Scope = { shelves: [LAB_SHELF, 'c1'] };

let home: string;
const log = { warn: vi.fn() };
const open = (): Promise<KeptCorpus> => openKeptCorpus(home, log);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-kept-'));
  log.warn.mockClear();
});
afterEach(() => rm(home, { recursive: true, force: true }));

const fill = (corpus: Corpus): Corpus => {
  for (const document of documents) corpus.put(document, 'c1');
  corpus.put(newDocument({ file: 'docs/a.md', text: '# A\n\nThe lab has pumps.', collection: 'docs' }));
  return corpus;
};

/** All that anybody may see of a corpus. */
const seen = (corpus: Corpus) => ({
  documents: corpus.documents(scope),
  found: ['pump', 'stall valve', 'no vacuum', 'power'].map((question) => corpus.search(tokenize(question), 9, scope)),
  whole: [...corpus.documentScores(tokenize('pumps'), 9, scope)],
  foreseen: corpus.search(['pump'], 9, scope).map((passage) => {
    const { section, document } = corpus.likelihoods('no vacuum', scope);
    return [section(passage), document(passage)];
  }),
  terms: corpus.termsOf('docs/a.md'),
  rarity: corpus.inverseFrequencies(['pump', 'nowhere'], scope),
});

describe('a kept corpus', () => {
  it('answers as one in memory, before and after a new start', async () => {
    const expected = seen(fill(new Corpus()));
    expect(expected.found[0]?.map(({ file }) => file).toSorted()).toEqual([
      'c1/half.txt',
      'c1/pump.ts',
      'c1/pumps.md',
      'docs/a.md',
    ]);
    const first = await open();
    expect(seen(fill(first.corpus))).toEqual(expected);
    await first.settle();
    expect(seen(first.corpus)).toEqual(expected);
    await first.close();
    const again = await open();
    expect(again.place).toBe('folder');
    expect(seen(again.corpus)).toEqual(expected);
    await again.close();
    expect(log.warn).not.toHaveBeenCalled();
  });

  it('gives quotes as they were cut, with the lines of a comment', async () => {
    const { corpus, close } = await open();
    fill(corpus);
    await close();
    const again = await open();
    const [passage] = again.corpus.search(tokenize('valves closed'), 1, scope);
    expect(passage?.quotes).toEqual(commentQuotes(CODE, { start: 0, end: CODE.indexOf('start()') }));
    expect(passage?.quotes.some(({ pieces }) => pieces !== undefined)).toBe(true);
    await again.close();
  });

  it('cuts nothing again that did not change', async () => {
    const first = await open();
    fill(first.corpus);
    await first.close();
    const again = await open();
    const before = again.corpus.documents(scope);
    const read = vi.spyOn(SearchIndex.prototype, 'stored');
    fill(again.corpus);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
    expect(again.corpus.documents(scope).map((document, at) => document === before[at])).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    again.corpus.put(
      {
        ...newDocument({ file: 'c1/pumps.md', text: MANUAL, collection: 'c1', collectionName: 'manuals' }),
        at: new Date(6),
      },
      'c1',
    );
    expect(again.corpus.document('c1/pumps.md', scope)?.at).toEqual(new Date(6));
    const { title: _, ...untitled } = documents[1] ?? newDocument({ file: '', text: '', collection: '' });
    again.corpus.put(untitled, 'c1');
    expect(again.corpus.document('c1/half.txt', scope)?.title).toBe('c1/half.txt');
    await again.close();
  });

  it('lets whoever looks at a document keep the text that they look at', async () => {
    const { corpus, close } = await open();
    fill(corpus);
    const [manual, log_, other] = ['c1/pumps.md', 'c1/half.txt', 'docs/a.md'].map((file) =>
      corpus.document(file, scope),
    );
    corpus.put(newDocument({ file: 'c1/pumps.md', text: 'Nothing is left.', collection: 'c1' }), 'c1');
    corpus.remove('c1/half.txt', 'c1');
    expect([manual?.text, log_?.text]).toEqual([MANUAL, documents[1]?.text]);
    expect(corpus.document('c1/pumps.md', scope)?.text).toBe('Nothing is left.');
    corpus.drop(LAB_SHELF);
    expect(() => other?.text).toThrow('removed meanwhile');
    await close();
  });

  it('writes nothing to its folder once it is closed', async () => {
    const first = await open();
    fill(first.corpus);
    await first.close();
    const again = await open();
    const manifest = () => readFile(join(home, 'knowledge-index', '1', 'passages', 'manifest.json'), 'utf8');
    const before = await manifest();
    // What was on its way when the process stopped.
    first.corpus.put(newDocument({ file: 'c1/late.md', text: 'Too late.', collection: 'c1' }), 'c1');
    await first.settle();
    expect(await manifest()).toBe(before);
    expect(log.warn).not.toHaveBeenCalled();
    await again.close();
  });

  it('is two where two processes share a data folder, and one again for the next', async () => {
    const [first, second] = [await open(), await open()];
    fill(first.corpus);
    expect(second.corpus.size(scope)).toBe(0);
    expect((await readdir(join(home, 'knowledge-index'))).toSorted()).toEqual(['1', '2']);
    expect((await stat(join(home, 'knowledge-index'))).mode & 0o777).toBe(0o700);
    await first.close();
    const third = await open();
    expect(third.corpus.size(scope)).toBe(5);
    await Promise.all([second.close(), third.close()]);
  });

  const halfOf = (half: 'passages' | 'documents') => {
    const fields: Readonly<Record<string, FieldSpec>> = half === 'documents' ? DOCUMENT_FIELDS : FIELDS;
    return SearchIndex.open(fields, join(home, 'knowledge-index', '1', half));
  };

  it('is mended where a crash came between its two halves, and nothing is cut again', async () => {
    const first = await open();
    fill(first.corpus);
    await first.close();
    const whole = await halfOf('documents');
    const { checkpoint = '' } = whole;
    whole.put('c1/pumps.md', [{ body: ['comet'] }], { shelf: 'c1', stored: [Buffer.from('another')] });
    whole.put('c1/never.md', [{ body: ['pump'] }], { shelf: 'c1' });
    whole.remove('docs/a.md', LAB_SHELF);
    whole.commit(`${checkpoint} later`);
    whole.close();
    const again = await open();
    const expected = seen(fill(new Corpus()));
    // Equal documents stand in the order in which they came, and one came later.
    const byFile = ({ whole: each, ...rest }: typeof expected) => ({ ...rest, whole: new Map(each) });
    expect(byFile(seen(again.corpus))).toEqual(byFile(expected));
    expect(again.corpus.documentScores(['comet'], 9, scope).size).toBe(0);
    await again.close();
  });

  it('has its documents as a whole made of the passages where their half is damaged', async () => {
    const first = await open();
    fill(first.corpus);
    await first.close();
    await writeFile(join(home, 'knowledge-index', '1', 'documents', 'manifest.json'), 'damaged');
    const again = await open();
    expect(seen(again.corpus)).toEqual(seen(fill(new Corpus())));
    await again.close();
  });

  it.each(['passages', 'documents'] as const)('is made anew when another LabMesh made its %s', async (half) => {
    const first = await open();
    fill(first.corpus);
    await first.close();
    const index = await halfOf(half);
    expect(index.lost).toBeUndefined();
    index.commit('0.0.0 1 another');
    index.close();
    const again = await open();
    expect(again.corpus.size(scope)).toBe(0);
    expect(seen(fill(again.corpus))).toEqual(seen(fill(new Corpus())));
    await again.close();
  });

  it('is in memory where the data folder takes none, and says so', async () => {
    await writeFile(join(home, 'knowledge-index'), 'a file');
    const { corpus, place, close } = await open();
    expect(place).toBe('memory');
    expect(log.warn).toHaveBeenCalledOnce();
    expect(fill(corpus).size(scope)).toBe(5);
    await close();
  });
});
