// Documents that somebody wants to add, as they say it; and what the lab is asked to take, or what is wrong.

import type { Parcel } from '../sending/use-deliveries.js';
import { TOOLS } from '../views.js';

export type From = 'files' | 'text' | 'git' | 'folder';

export interface Draft {
  readonly from: From;
  readonly collection: string;
  readonly files: readonly File[];
  readonly name: string;
  readonly content: string;
  readonly url: string;
  readonly ref: string;
  /** In the repository, or at the lab. */
  readonly folder: string;
  /** Empty: the lab sees it by name and content. */
  readonly kind: string;
  /** Empty: as it is. */
  readonly readers: string;
  readonly project: string;
}

export type Field = 'collection' | 'files' | 'name' | 'content' | 'url' | 'ref' | 'folder';

/** Of one file; of text in the call itself. */
const SOURCE_BYTES_MAX = 16 * 1_024 * 1_024;
const TEXT_CHARACTERS_MAX = 256 * 1_024;
const COLLECTION = /^[a-z0-9][a-z0-9-]{0,59}$/;
const REF = /^[A-Za-z0-9][\w./-]{0,199}$/;
const PATH_MAX = 150;
const REQUIRED = 'This field is required.';

/** What an address asks the form to begin with. */
export function draftIn(asked: URLSearchParams): Draft {
  const said = (name: string): string => asked.get(name) ?? '';
  const from = said('from');
  return {
    from: from === 'text' || from === 'git' || from === 'folder' ? from : 'files',
    collection: said('collection'),
    files: [],
    name: '',
    content: '',
    url: said('url'),
    ref: said('ref'),
    folder: said('folder'),
    kind: '',
    readers: '',
    project: '',
  };
}

type Problems = Readonly<Partial<Record<Field, string>>>;
export type Drafted =
  | { readonly ok: true; readonly parcels: readonly Parcel[] }
  | { readonly ok: false; readonly problems: Problems };

export function drafted(draft: Draft): Drafted {
  const problems = { ...collectionProblem(draft.collection), ...PROBLEMS[draft.from](draft) };
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, parcels: parcelsOf(draft) };
}

function collectionProblem(name: string): Problems {
  if (name === '') return { collection: REQUIRED };
  return COLLECTION.test(name) ? {} : { collection: 'Small letters, digits and dashes, at most 60.' };
}

const PROBLEMS: Readonly<Record<From, (draft: Draft) => Problems>> = {
  files: ({ files }) => {
    const large = files.find(({ size }) => size > SOURCE_BYTES_MAX);
    if (files.length === 0) return { files: 'Choose at least one file.' };
    return large === undefined ? {} : { files: `${large.name} is larger than 16 MiB: split it.` };
  },
  text: ({ name, content }) => ({
    ...(name.trim() === ''
      ? { name: REQUIRED }
      : name.trim().length > PATH_MAX
        ? { name: `At most ${PATH_MAX} characters.` }
        : {}),
    ...(content.trim() === ''
      ? { content: REQUIRED }
      : content.length > TEXT_CHARACTERS_MAX
        ? { content: `At most ${TEXT_CHARACTERS_MAX.toLocaleString('en')} characters: choose it as a file.` }
        : {}),
  }),
  git: ({ url, ref }) => ({
    ...(/^https?:\/\/\S+$/.test(url.trim()) ? {} : { url: 'An address that begins with https://' }),
    ...(REF.test(ref.trim()) ? {} : { ref: 'A commit, a branch or a tag.' }),
  }),
  folder: ({ folder }) => (/^(?:\/|[A-Za-z]:[\\/])/.test(folder.trim()) ? {} : { folder: 'A whole path at the lab.' }),
};

function parcelsOf(draft: Draft): Parcel[] {
  const { from, collection, kind, readers, project } = draft;
  const about = {
    collection,
    ...(kind === '' ? {} : { kind }),
    ...(readers === '' ? {} : { readers }),
    ...(project === '' ? {} : { project }),
  };
  const tool = TOOLS.ingest;
  if (from === 'files') return draft.files.map((file) => ({ name: file.name, tool, file, input: about }));
  if (from === 'text') {
    const name = draft.name.trim();
    return [{ name, tool, input: { ...about, text: { name, content: draft.content } } }];
  }
  const folder = draft.folder.trim();
  if (from === 'folder') return [{ name: folder, tool, input: { ...about, folder } }];
  const git = { url: draft.url.trim(), ref: draft.ref.trim(), ...(folder === '' ? {} : { folder }) };
  return [{ name: `${git.url} ${git.ref}`, tool, input: { ...about, git } }];
}
