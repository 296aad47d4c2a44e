// What somebody says of documents to add, as the lab is asked to take them.
import { expect, it } from 'vitest';
import { type Draft, drafted, draftIn } from './add-draft.js';

const EMPTY = draftIn(new URLSearchParams());
const problemsOf = (draft: Partial<Draft>) => {
  const taken = drafted({ ...EMPTY, ...draft });
  return taken.ok ? {} : taken.problems;
};
const inputsOf = (draft: Partial<Draft>) => {
  const taken = drafted({ ...EMPTY, collection: 'pumps', ...draft });
  return taken.ok ? taken.parcels.map(({ name, input, file }) => ({ name, input, file: file?.name })) : taken.problems;
};

it('begins with what the address says', () => {
  const asked = new URLSearchParams({
    collection: 'pumps',
    from: 'git',
    url: 'https://example.org/a.git',
    folder: 'docs',
  });
  expect(draftIn(asked)).toMatchObject({
    from: 'git',
    collection: 'pumps',
    url: 'https://example.org/a.git',
    folder: 'docs',
  });
  expect(draftIn(new URLSearchParams('from=nowhere')).from).toBe('files');
});

it('says what is missing or wrong', () => {
  expect(problemsOf({})).toEqual({ collection: 'This field is required.', files: 'Choose at least one file.' });
  expect(problemsOf({ collection: 'Pump Manuals', from: 'text' })).toEqual({
    collection: 'Small letters, digits and dashes, at most 60.',
    name: 'This field is required.',
    content: 'This field is required.',
  });
  expect(problemsOf({ collection: 'a', from: 'git', url: 'ftp://x', ref: '-x' })).toEqual({
    url: 'An address that begins with https://',
    ref: 'A commit, a branch or a tag.',
  });
  expect(problemsOf({ collection: 'a', from: 'folder', folder: 'docs' })).toEqual({
    folder: 'A whole path at the lab.',
  });
});

it('sends each file by itself', () => {
  const files = [new File(['a'], 'a.md'), new File(['b'], 'b.pdf')];
  expect(inputsOf({ files, kind: 'text' })).toEqual([
    { name: 'a.md', file: 'a.md', input: { collection: 'pumps', kind: 'text' } },
    { name: 'b.pdf', file: 'b.pdf', input: { collection: 'pumps', kind: 'text' } },
  ]);
});

it('sends text, repositories and folders in the call', () => {
  expect(inputsOf({ from: 'text', name: ' start.md ', content: 'Press.', readers: 'lab' })).toEqual([
    {
      name: 'start.md',
      file: undefined,
      input: { collection: 'pumps', readers: 'lab', text: { name: 'start.md', content: 'Press.' } },
    },
  ]);
  expect(inputsOf({ from: 'git', url: 'https://example.org/a.git', ref: 'main' })).toEqual([
    {
      name: 'https://example.org/a.git main',
      file: undefined,
      input: { collection: 'pumps', git: { url: 'https://example.org/a.git', ref: 'main' } },
    },
  ]);
  expect(inputsOf({ from: 'folder', folder: '/srv/docs' })).toEqual([
    { name: '/srv/docs', file: undefined, input: { collection: 'pumps', folder: '/srv/docs' } },
  ]);
});
