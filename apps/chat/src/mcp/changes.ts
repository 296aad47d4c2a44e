// What the lab tells of changes, one stream for each that follows. A cut is taken up again, at longer and longer intervals.
import type { Client } from '@modelcontextprotocol/client';
import { pause } from '../live/pause.js';

type Told = (uri: string) => void;

const AGAIN_MS = 1_000;
const AGAIN_MAX_MS = 30_000;

export class Changes {
  readonly #told = new Set<Told>();

  constructor(private readonly client: Pick<Client, 'listen' | 'setNotificationHandler'>) {
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      for (const told of this.#told) told(params.uri);
    });
  }

  /** Answers what ends it. */
  follow(uris: readonly string[], onChanged: () => void): () => void {
    const over = new AbortController();
    const told: Told = (uri) => {
      if (uris.includes(uri)) onChanged();
    };
    this.#told.add(told);
    if (uris.length > 0) void this.#listen(uris, onChanged, over.signal);
    return () => {
      this.#told.delete(told);
      over.abort();
    };
  }

  async #listen(uris: readonly string[], onChanged: () => void, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const stream = await this.client.listen({ resourceSubscriptions: [...uris] }, { signal });
        if (failures > 0) onChanged();
        failures = 0;
        await stream.closed;
      } catch {
        // gone, or not for this caller: see whether it is later
      }
      await pause(Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** failures), signal);
    }
  }
}
