// A dataset as the lab's tools tell it, and how its figures are written.
import { formatBytes } from '../agents/manifest.js';
import { plural } from '../ui/figures.js';

export interface Provenance {
  readonly source: string;
  readonly license: string | null;
  readonly obtainedAt: string;
  readonly derivedFrom: string | null;
  readonly note: string | null;
}

/** Of what comes from a source: frozen when what came last has other columns, and is not taken; stale when the last fetch failed, or is older than the source says it may be. */
export interface Freshness {
  readonly status: 'fresh' | 'stale' | 'frozen' | 'gone' | 'fetching' | 'never';
  readonly fetchedAt: string | null;
  readonly refreshAt: string | null;
  /** What stood in the way of the last fetch, and what to do. */
  readonly message: string | null;
}

export interface Dataset {
  readonly datasetId: string;
  readonly name: string;
  readonly description: string;
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly owner: string;
  readonly version: number;
  readonly topics: readonly string[];
  /** "lab", "submission", "transformed", or the connected source it comes from. */
  readonly origin: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly provenance: Provenance;
  readonly freshness?: Freshness;
}

export type RowSchema = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, unknown>>;

export interface Version {
  readonly version: number;
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly createdAt: string;
  readonly source: string;
  /** What its owner says has changed. */
  readonly note: string | null;
  /** How it differs from the schema before. */
  readonly drift: { readonly changes: readonly ColumnChange[]; readonly discarded: Discarded } | null;
}

export interface ColumnChange {
  readonly column: string;
  readonly kind: 'added' | 'removed' | 'retyped' | 'gaps' | 'range';
  readonly before: string | null;
  readonly after: string | null;
  /** Rows as before still fit. */
  readonly widens: boolean;
}

/** What a version was stored without. */
export interface Discarded {
  readonly columns: readonly string[];
  readonly rows: number;
}

/** What is known of one dataset. */
export interface Card {
  readonly dataset: Dataset;
  readonly schema: RowSchema | null;
  /** Newest first; only the card's own tool tells them. */
  readonly versions?: readonly Version[];
}

export interface Page extends Card {
  readonly rows?: readonly Row[];
  readonly nextOffset?: number;
  readonly content?: { readonly encoding: 'utf8' | 'base64'; readonly data: string };
  /** Where the bytes are, when they are too many for an answer. */
  readonly link?: { readonly blobId: string; readonly bytes: number };
}

export const isDatasetId = (text: string): boolean => /^ds_[A-Za-z0-9-]{1,60}$/.test(text);

export const addressOf = ({ datasetId }: Pick<Dataset, 'datasetId'>): string => `dataset://${datasetId}`;

/** "98 rows · 63 KiB". */
export const sizeText = ({ rows, bytes }: Pick<Dataset, 'rows' | 'bytes'>): string =>
  `${plural(rows, 'row')} · ${formatBytes(bytes)}`;

/** Whose it is, in the words of whoever looks. */
export function ownerText(owner: string, walletId: string | undefined): string {
  if (owner === 'lab') return 'the lab';
  return owner === walletId ? 'you' : owner;
}

const ORIGINS: Readonly<Record<string, string>> = {
  lab: 'shipped with the lab',
  submission: 'submitted',
  transformed: 'made from another dataset',
};

export const originText = (origin: string): string => ORIGINS[origin] ?? `from the source ${origin}`;

/** Replies that were recorded, not asked for now: the lab says so in the provenance. */
export const isRecorded = ({ provenance }: Pick<Dataset, 'provenance'>): boolean =>
  provenance.note?.includes('RECORDED DATA') ?? false;

/** The connected source it comes from; undefined for what the lab or a wallet brought. */
export const sourceOf = ({ origin }: Pick<Dataset, 'origin'>): string | undefined =>
  Object.hasOwn(ORIGINS, origin) ? undefined : origin;
