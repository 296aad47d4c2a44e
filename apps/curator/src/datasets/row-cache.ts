// Parsed rows of datasets read lately, so that a page costs no parsing. Bounded by weight; whatever was unused longest goes first.
// Whoever takes rows from here must not change them.
import type { CheckedRows, Row } from '../rows.js';
import type { DatasetRecord } from './dataset.js';

export class RowCache {
  /** In the order of use, the longest unused first. */
  private readonly entries = new Map<string, CheckedRows>();
  private weight = 0;

  /** `weightMax`: bytes of JSON text. */
  constructor(private readonly weightMax: number) {}

  get(record: DatasetRecord): readonly Row[] | undefined {
    const key = keyOf(record);
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.rows;
  }

  /** Rows that are too heavy for the whole cache are not kept. */
  put(record: DatasetRecord, rows: CheckedRows): void {
    if (rows.weight > this.weightMax) return;
    const key = keyOf(record);
    this.drop(key);
    this.entries.set(key, rows);
    this.weight += rows.weight;
    for (const oldest of this.entries.keys()) {
      if (this.weight <= this.weightMax) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.weight -= entry.weight;
  }
}

/** The same bytes read the same way give the same rows, whoever owns them. */
export const keyOf = ({ sha256, format, columns }: DatasetRecord): string =>
  columns === null ? `${format}:${sha256}` : `${format}:${sha256}:${JSON.stringify(columns)}`;
