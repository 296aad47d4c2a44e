// Makes a part of documents that came lately: their terms are numbered, sorted once, and written.
import type { ByteSink } from './part-format.js';
import { PartWriter } from './part-writer.js';

/** Of each field of an entry, its terms as they follow each other. */
export type EntryTerms = readonly (readonly string[])[];

export interface NewDocument {
  readonly key: string;
  readonly entries: readonly EntryTerms[];
  /** What its owner put with it. */
  readonly stored: readonly Uint8Array[];
}

/** Three bits say which field a term stands in. */
const FIELD_BITS = 3;

export function buildPart(documents: readonly NewDocument[], fieldCount: number, sink: ByteSink): void {
  const entries = documents.flatMap((document) => document.entries);
  const lengths = Array.from({ length: fieldCount }, (_, field) =>
    Uint32Array.from(entries, (entry) => entry[field]?.length ?? 0),
  );
  const numbers = new Map<string, number>();
  const forward = entries.map((entry) => entry.map((terms) => numbered(terms, numbers)));
  const terms = [...numbers.keys()];
  const order = Uint32Array.from(terms.keys()).sort((a, b) => ((terms[a] ?? '') < (terms[b] ?? '') ? -1 : 1));
  const ordinals = new Uint32Array(terms.length);
  for (const [ordinal, number] of order.entries()) ordinals[number] = ordinal;

  const writer = new PartWriter(sink, {
    documents: documents.map(({ key, entries: own, stored }) => ({ key, entries: own.length, stored: stored.length })),
    lengths,
  });
  const { starts, places } = occurrences(forward, terms.length);
  const frequencies = new Uint32Array(fieldCount);
  for (const number of order) {
    writer.term(terms[number] ?? '', (postings) => {
      const end = starts[number + 1] ?? 0;
      for (let at = starts[number] ?? 0; at < end; ) {
        const entry = (places[at] ?? 0) >>> FIELD_BITS;
        frequencies.fill(0);
        for (; at < end && (places[at] ?? 0) >>> FIELD_BITS === entry; at += 1)
          (frequencies[(places[at] ?? 0) & 7] as number) += 1;
        postings.add(entry, frequencies);
      }
    });
  }
  for (const fields of forward) {
    for (const [field, each] of fields.entries())
      if (each.length > 0)
        writer.field(
          field,
          each.map((number) => ordinals[number] ?? 0),
        );
    writer.endEntry();
  }
  for (const { stored } of documents)
    writer.store(
      Buffer.concat(stored),
      stored.map(({ length }) => length),
    );
  writer.finish();
}

function numbered(terms: readonly string[], numbers: Map<string, number>): Uint32Array {
  const found = new Uint32Array(terms.length);
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at] ?? '';
    const number = numbers.get(term) ?? numbers.size;
    if (number === numbers.size) numbers.set(term, number);
    found[at] = number;
  }
  return found;
}

/** Entry and field of every occurrence, term by term, each term's in the order of the entries. */
function occurrences(forward: readonly (readonly Uint32Array[])[], terms: number) {
  const starts = new Uint32Array(terms + 1);
  let total = 0;
  for (const fields of forward)
    for (const numbers of fields) {
      total += numbers.length;
      for (const number of numbers) (starts[number + 1] as number) += 1;
    }
  for (let term = 0; term < terms; term += 1) starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  const next = starts.slice();
  const places = new Uint32Array(total);
  for (const [entry, fields] of forward.entries())
    for (const [field, numbers] of fields.entries())
      for (const number of numbers) {
        const at = next[number] ?? 0;
        places[at] = (entry << FIELD_BITS) | field;
        next[number] = at + 1;
      }
  return { starts, places };
}
