// A project as it is kept.
import type { PROJECT_PLACES } from '@labmesh/contracts';
import type { InputValue } from '../templates/inputs-schema.js';

export type ProjectPlace = (typeof PROJECT_PLACES)[number];

export interface StoredArchive {
  readonly blobId: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface ProjectRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly template: string;
  readonly version: string;
  readonly place: ProjectPlace;
  readonly folder: string | null;
  readonly state: 'making' | 'ready';
  /** Somebody makes it now, and is not known to be dead. */
  readonly busy: boolean;
  readonly inputs: Readonly<Record<string, InputValue>>;
  /** Sealed, by the name of the input. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly base: StoredArchive | null;
  readonly archive: StoredArchive | null;
  readonly tokenId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Revision {
  readonly version: string;
  readonly at: Date;
  readonly conflicts: number;
  readonly kept: number;
}
