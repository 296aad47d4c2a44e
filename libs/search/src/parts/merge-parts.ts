// Makes one part of several that follow each other, without what was removed. It goes on in steps, so that a process can answer
// others in between, and reads each part once from its first term to its last.
import type { Part } from './part.js';
import { type ByteSink, readAhead } from './part-format.js';
import { type PartDocument, PartWriter } from './part-writer.js';
import { PostingsReader } from './posting-list.js';

/** How many postings or terms of entries are copied between two steps: some milliseconds. */
const WORK_PER_STEP = 50_000;
/** So many bytes are copied in the time of one of these. */
const BYTES_PER_WORK = 32;
const GONE = -1;

export interface Merged {
  /** Of each part, its documents' numbers in the new one; -1 for those that were gone when the merge began. */
  readonly documents: readonly Int32Array[];
}

export function* mergeParts(parts: readonly Part[], sink: ByteSink): Generator<void, Merged> {
  const places = placesIn(parts);
  const writer = new PartWriter(sink, places.outline);
  const ordinals = parts.map(({ termCount }) => new Uint32Array(termCount));
  const postingBytes = parts.map(({ source }) => readAhead(source));
  const entryBytes = parts.map(({ source }) => readAhead(source));
  const reader = new PostingsReader(parts[0]?.lengths.length ?? 0);
  let work = 0;
  let ordinal = 0;
  for (const { term, holders } of mergedTerms(parts)) {
    let count = 0;
    writer.term(term, (postings) => {
      for (const { part, found } of holders) {
        const moved = places.entries[part];
        if (moved === undefined) continue;
        const bytes = postingBytes[part]?.look(found.start, found.end - found.start) ?? new Uint8Array();
        reader.each(bytes, found.count, (entry, frequencies) => {
          const to = moved[entry] ?? GONE;
          if (to !== GONE) postings.add(to, frequencies);
        });
        work += found.count;
      }
      count = postings.count;
    });
    for (const { part, found } of holders) {
      const ofPart = ordinals[part];
      if (ofPart !== undefined) ofPart[found.ordinal] = ordinal;
    }
    if (count > 0) ordinal += 1;
    if (work >= WORK_PER_STEP) {
      work = 0;
      yield;
    }
  }
  for (const [at, part] of parts.entries()) {
    const ofPart = ordinals[at] ?? new Uint32Array();
    for (let entry = 0; entry < part.entryCount; entry += 1) {
      if (places.entries[at]?.[entry] === GONE) continue;
      for (const { field, ordinals: terms } of part.fieldsOf(entry, entryBytes[at])) {
        writer.field(
          field,
          terms.map((term) => ofPart[term] ?? 0),
        );
        work += terms.length;
      }
      writer.endEntry();
      if (work >= WORK_PER_STEP) {
        work = 0;
        yield;
      }
    }
  }
  for (const [at, part] of parts.entries())
    for (let document = 0; document < part.keys.length; document += 1) {
      if (places.documents[at]?.[document] === GONE) continue;
      const { bytes, lengths } = part.allStored(document, entryBytes[at]);
      writer.store(bytes, lengths);
      work += bytes.length / BYTES_PER_WORK;
      if (work >= WORK_PER_STEP) {
        work = 0;
        yield;
      }
    }
  writer.finish();
  return { documents: places.documents };
}

/** Where documents and entries go, and what the new part will hold. */
function placesIn(parts: readonly Part[]) {
  const outline: PartDocument[] = [];
  let entries = 0;
  const places = parts.map((part) => {
    const documents = new Int32Array(part.keys.length).fill(GONE);
    const moved = new Int32Array(part.entryCount).fill(GONE);
    for (const [document, key] of part.keys.entries()) {
      const [first = 0, next = 0] = [part.firstEntries[document], part.firstEntries[document + 1]];
      if (part.gone(document)) continue;
      documents[document] = outline.length;
      outline.push({ key, entries: next - first, stored: part.storedCount(document) });
      for (let entry = first; entry < next; entry += 1) moved[entry] = entries++;
    }
    return { documents, moved };
  });
  const lengths = (parts[0]?.lengths ?? []).map((_, field) => {
    const merged = new Uint32Array(entries);
    for (const [at, part] of parts.entries())
      for (let entry = 0; entry < part.entryCount; entry += 1) {
        const to = places[at]?.moved[entry] ?? GONE;
        if (to !== GONE) merged[to] = part.lengths[field]?.[entry] ?? 0;
      }
    return merged;
  });
  return {
    documents: places.map(({ documents }) => documents),
    entries: places.map(({ moved }) => moved),
    outline: { documents: outline, lengths },
  };
}

/** The terms of all parts in order, each once, with the parts that hold it. */
function* mergedTerms(parts: readonly Part[]) {
  const readers = parts.map((part) => part.terms(readAhead(part.source)));
  const heads = readers.map((reader) => reader.next().value);
  for (;;) {
    let term: string | undefined;
    for (const head of heads) if (head !== undefined && (term === undefined || head.term < term)) term = head.term;
    if (term === undefined) return;
    const holders = [];
    for (const [part, head] of heads.entries()) {
      if (head?.term !== term) continue;
      holders.push({ part, found: head });
      heads[part] = readers[part]?.next().value;
    }
    yield { term, holders };
  }
}
