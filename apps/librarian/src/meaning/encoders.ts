// The threads that run models: one for each that is in use, opened when it is asked for first, ended when it is used no more. Without a
// model nothing of onnxruntime is loaded.
import { type EncoderModel, EncoderThread } from '@labmesh/encoder';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SearchModelsRepository } from './search-models.repository.js';

/** What cannot be opened is tried again after so long. */
const AGAIN_MS = 30_000;

interface Opened {
  readonly thread: Promise<EncoderThread>;
  failedAt: number | undefined;
}

@Injectable()
export class Encoders implements OnModuleDestroy {
  readonly #opened = new Map<string, Opened>();

  constructor(
    @Inject(SearchModelsRepository) private readonly models: Pick<SearchModelsRepository, 'content'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** When its model is loaded. @throws AppError unavailable, not_found */
  async open(modelId: string): Promise<EncoderThread> {
    const before = this.#opened.get(modelId);
    const thread = await before?.thread.catch(() => undefined);
    const resting = before?.failedAt !== undefined && Date.now() - before.failedAt < AGAIN_MS;
    if (before !== undefined && (thread?.ended === false || resting)) return before.thread;
    // Whoever waited for the same one finds what another has opened meanwhile.
    const now = this.#opened.get(modelId);
    if (now !== undefined && now !== before) return now.thread;
    return this.#open(modelId).thread;
  }

  /** Ends the threads of all others. */
  async keepOnly(modelIds: readonly string[]): Promise<void> {
    for (const [id, { thread }] of this.#opened) {
      if (modelIds.includes(id)) continue;
      this.#opened.delete(id);
      await (await thread.catch(() => undefined))?.[Symbol.asyncDispose]();
    }
  }

  onModuleDestroy(): Promise<void> {
    return this.keepOnly([]);
  }

  #open(modelId: string): Opened {
    const opened: Opened = { thread: this.#loaded(modelId), failedAt: undefined };
    this.#opened.set(modelId, opened);
    opened.thread.catch((error: unknown) => {
      opened.failedAt = Date.now();
      this.log.warn({ err: error }, 'a search model cannot be opened; words alone rank until it can');
    });
    return opened;
  }

  async #loaded(modelId: string): Promise<EncoderThread> {
    const model: EncoderModel = await this.models.content(modelId);
    const thread = new EncoderThread(model);
    await thread.loaded();
    this.log.info({ model: modelId.slice(0, 16) }, 'a search model is loaded');
    return thread;
  }
}
