// What the Librarian keeps of what people bring.
import type { COLLECTION_READERS } from '@labmesh/contracts';
import type { Document, DocumentKind } from '../corpus/document.js';
import type { SourceKind } from './extraction/kinds.js';

export type Readers = (typeof COLLECTION_READERS)[number];

/** Most that a wallet may have in all its collections. */
export interface KnowledgeQuota {
  readonly documents: number;
  readonly characters: number;
}

const QUOTA: KnowledgeQuota = { documents: 2_000, characters: 64 * 1024 * 1024 };
/** Of those who run the lab. */
export const OPERATOR_QUOTA: KnowledgeQuota = { documents: 20_000, characters: 512 * 1024 * 1024 };

export const quotaOf = (permissions: readonly string[]): KnowledgeQuota =>
  permissions.includes('knowledge:operate') ? OPERATOR_QUOTA : QUOTA;

/** Which source of which collection. */
export interface SourceName {
  readonly owner: string;
  readonly collection: string;
  readonly from: 'text' | 'upload' | 'folder' | 'git';
  readonly place: string;
}

/** What is there of a source before it is taken again. */
export interface Known {
  readonly collectionId: string | undefined;
  readonly revision: number;
  readonly sourceId: string | undefined;
  /** What each document was made of, by its path. */
  readonly contents: ReadonlyMap<string, string>;
}

export interface NewText {
  readonly path: string;
  /** Of the file, and of how it is read. */
  readonly content: string;
  readonly text: string;
  readonly title?: string;
  readonly form: DocumentKind;
}

/** All that one ingestion does, done at once or not at all. */
export interface Change {
  readonly name: SourceName;
  readonly collectionId: string;
  readonly sourceId: string;
  /** As it must be still. */
  readonly known: Known;
  readonly put: readonly NewText[];
  readonly removed: readonly string[];
  readonly kind: SourceKind | null;
  readonly commit: string | null;
  /** Of a repository. */
  readonly ref?: string | undefined;
  /** Left out: as they are, and the owner alone of a new one. */
  readonly readers?: Readers | undefined;
  /** Of the owner's. Left out: as it is, and none of a new one. */
  readonly project?: string | undefined;
  readonly quota: KnowledgeQuota;
}

export interface StoredText {
  readonly path: string;
  readonly version: string;
  readonly text: string;
  readonly title: string | null;
  readonly form: DocumentKind;
  readonly at: Date;
  /** Of its collection. */
  readonly collectionName: string;
}

export const documentOf = (
  collectionId: string,
  { path, version, text, title, form, at, collectionName }: StoredText,
): Document => ({
  file: `${collectionId}/${path}`,
  text,
  version,
  collection: collectionId,
  collectionName,
  at,
  kind: form,
  ...(title === null ? {} : { title }),
});

/** Another one after each change of a document, of how it is read too. */
export const stateOf = ({ version, form, at }: Pick<StoredText, 'version' | 'form' | 'at'>): string =>
  `${version} ${form} ${at.toISOString()}`;
