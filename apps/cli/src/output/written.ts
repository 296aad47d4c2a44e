// Bytes to a sink at the pace of whoever reads them, so that no more than it takes is held.
import { EventEmitter, once } from 'node:events';
import type { Sink } from '../host.js';

export async function written(sink: Sink, bytes: Uint8Array): Promise<void> {
  if (sink.write(bytes) === false && sink instanceof EventEmitter) await once(sink, 'drain');
}
