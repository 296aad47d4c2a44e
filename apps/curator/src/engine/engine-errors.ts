// What may go wrong in the engine: SQL that fails, a process that ends. Whoever asked says it in the words of what was asked for.

/** DuckDB's own words. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

export type EndReason = 'memory' | 'time' | 'crashed';

/** The process that worked on it is no more. */
export class EngineEnded extends Error {
  override readonly name = 'EngineEnded';

  constructor(
    readonly reason: EndReason,
    detail: string,
  ) {
    super(`The data engine's process ended: ${detail}`);
  }
}

export const isOutOfMemory = (thrown: unknown): boolean =>
  thrown instanceof EngineEnded
    ? thrown.reason === 'memory'
    : thrown instanceof EngineError && thrown.message.startsWith('Out of Memory Error');
