// Where a merge writes to, and what is read from there once it is done.
import { MemorySink } from './parts/memory-sink.js';
import { type ByteSink, type ByteSource, inMemory } from './parts/part-format.js';

export interface MergeTarget extends ByteSink {
  done(): ByteSource;
}

export function memoryTarget(): MergeTarget {
  const sink = new MemorySink();
  return { write: (bytes) => sink.write(bytes), done: () => inMemory(sink.bytes()) };
}
