// Which texts of a project its questions look at, as documents: what people read and write in it, not its data. Each is the file as it
// is, so that lines and spans are the file's own.
import { ProjectId } from '@labmesh/contracts';
import { DOCUMENT_BYTES_MAX, type Document, type DocumentKind, newDocument } from '../corpus/document.js';
import { isReadable, kindOf } from '../sources/extraction/kinds.js';
import type { ProjectTexts } from './own-projects.js';

/** Most of a project that a question looks at; the shortest texts go first. */
const TEXTS_MAX = 500;
const CHARACTERS_MAX = 4 * 1024 * 1024;
/** As `get_document` takes names. */
const FILE_CHARACTERS_MAX = 200;

export const fileIn = (projectId: string, path: string): string => `projects/${projectId}/${path}`;

/** The project whose file it is by its name; undefined for a document of no project. */
export function projectOf(file: string): string | undefined {
  const id = /^projects\/([^/]+)\/./.exec(file)?.[1];
  return id !== undefined && ProjectId.safeParse(id).success ? id : undefined;
}

export function documentsOf(projectId: string, texts: ProjectTexts): Document[] {
  const documents: Document[] = [];
  let characters = 0;
  const shortFirst = [...texts].sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1));
  for (const { path, text, bytes } of shortFirst) {
    const kind = kindIn(path);
    const file = fileIn(projectId, path);
    if (text === null || text.trim() === '' || kind === undefined) continue;
    if (bytes > DOCUMENT_BYTES_MAX || file.length > FILE_CHARACTERS_MAX) continue;
    characters += text.length;
    if (documents.length === TEXTS_MAX || characters > CHARACTERS_MAX) break;
    documents.push(
      newDocument({ file, collection: projectId, text, kind, ...(kind === 'markdown' ? {} : { title: path }) }),
    );
  }
  return documents;
}

/** Undefined for what is data, or would have to be taken apart first: a notebook, a page, a log. */
function kindIn(path: string): DocumentKind | undefined {
  if (!isReadable(path) || /\.json$/i.test(path)) return undefined;
  const kind = kindOf(path, new Uint8Array());
  return kind === 'markdown' || kind === 'text' || kind === 'code' ? kind : undefined;
}
