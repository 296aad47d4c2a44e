// The fixture's resources and prompts: a long list, things that are not the caller's, failures, and arguments to complete.

import { pageByName } from '@labmesh/agent';
import {
  AppError,
  asUser,
  definePrompt,
  defineResource,
  type PromptHandlers,
  type ResourceHandlers,
} from '@labmesh/contracts';
import { z } from 'zod';

/** More than two pages of a list. */
const NOTES = Array.from({ length: 230 }, (_, at) => `n${String(at).padStart(3, '0')}`);

const open = { permission: 'agent:read' } as const;

export const resources = {
  note: defineResource({
    ...open,
    uri: 'oracle-note://{id}',
    title: 'A note',
    description: 'Everybody’s: größer als nötig, 日本語 🧪.',
    mimeType: 'text/plain',
    listed: true,
  }),
  page: defineResource({
    ...open,
    uri: 'oracle-page://{book}/{+path}',
    title: 'A page of a book',
    description: 'Found by its address only.',
    listed: false,
  }),
  letter: defineResource({
    ...open,
    uri: 'oracle-letter://{owner}',
    title: 'A letter',
    description: 'Its owner’s alone: to others it does not exist.',
    listed: true,
  }),
  sealed: defineResource({
    uri: 'oracle-sealed://{id}',
    title: 'A sealed paper',
    description: 'Needs a right that a narrow token lacks.',
    permission: 'dataset:write',
    listed: true,
  }),
  broken: defineResource({
    ...open,
    uri: 'oracle-broken://{how}',
    title: 'What cannot be read',
    description: 'Fails in the way its address says.',
    listed: false,
  }),
};

export const prompts = {
  greet: definePrompt({
    ...open,
    title: 'Greet',
    description: 'Greets somebody, größer als nötig: 日本語.',
    arguments: z.object({
      name: z.string().min(1).max(40).describe('Who is greeted'),
      tone: z.enum(['warm', 'wry', 'dry']).optional(),
    }),
  }),
  link: definePrompt({ ...open, title: 'Link', description: 'Points at a note.', arguments: z.object({}) }),
  seal: definePrompt({
    permission: 'dataset:write',
    title: 'Seal',
    description: 'Needs a right that a narrow token lacks.',
    arguments: z.object({ id: z.string() }),
  }),
  stumble: definePrompt({ ...open, title: 'Stumble', description: 'Fails.', arguments: z.object({}) }),
};

const listOf = (names: readonly string[]) =>
  names.map((name) => ({ params: { id: name }, name, title: `Note ${name}` }));

function breakAs(how: string): never {
  switch (how) {
    case 'throw':
      throw new TypeError('the cause that nobody outside may read');
    case 'conflict':
      throw new AppError('conflict', 'Cannot read it: told to fail');
    case 'unavailable':
      throw new AppError('unavailable', 'Cannot read it: told to be away');
    default:
      throw new AppError('not_found', `There is no way to break called ${how}`, { details: { how } });
  }
}

export const resourceHandlers: ResourceHandlers<typeof resources> = {
  note: {
    read({ id }) {
      if (!NOTES.includes(id)) throw new AppError('not_found', `There is no note ${id}`);
      return { mimeType: 'text/plain', text: `Note ${id}: "日本語" \\ and\nmore` };
    },
    list: (page) => pageByName(listOf(NOTES), page),
    complete: () => NOTES,
  },
  page: {
    read: ({ book, path }) => ({
      mimeType: 'application/octet-stream',
      blob: Buffer.from(`${book}/${path}`).toString('base64'),
    }),
    complete: (argument) => (argument === 'book' ? ['alpha', 'Alps', 'beta'] : []),
  },
  letter: {
    read({ owner }, { principal }) {
      if (owner !== 'mine' && owner !== principal.walletId)
        throw new AppError('not_found', `There is no letter ${owner}`);
      return { mimeType: 'text/plain', text: 'yours' };
    },
    list: (page) => pageByName([{ params: { owner: 'mine' }, name: 'mine', size: 5 }], page),
  },
  sealed: {
    read: ({ id }) => ({ mimeType: 'text/plain', text: id }),
    list: (page) => pageByName(listOf(['s1', 's2']), page),
    complete: () => ['s1', 's2'],
  },
  broken: { read: ({ how }) => breakAs(how) },
};

export const promptHandlers: PromptHandlers<typeof prompts> = {
  greet: {
    get: ({ name, tone = 'plain' }) => asUser(`Greet ${name}, ${tone}`),
    complete: () => ['Ada', 'ADA', 'Ben', 'Änne'],
  },
  link: () => asUser('Look', { uri: 'oracle-note://n001', name: 'n001', mimeType: 'text/plain' }),
  seal: ({ id }) => asUser(`Seal ${id}`),
  stumble: () => {
    throw new AppError('upstream_failed', 'Cannot make it: told to stumble');
  },
};
