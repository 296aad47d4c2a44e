// What a streaming tool yields, as MCP progress: a number that only grows, and a message for people or programs.
export interface ProgressParams {
  readonly progressToken: string | number;
  readonly progress: number;
  readonly total?: number;
  readonly message: string;
  readonly [key: string]: unknown;
}

/** Numbers the chunks of one call. A chunk's own `progress`, `total` and `message` are used where they fit. */
export function progressOf(progressToken: string | number): (chunk: unknown) => ProgressParams {
  let last = 0;
  return (chunk) => {
    const { progress, total, message } = (typeof chunk === 'object' && chunk !== null ? chunk : {}) as Record<
      string,
      unknown
    >;
    last = typeof progress === 'number' && progress > last ? progress : last + 1;
    return {
      progressToken,
      progress: last,
      ...(typeof total === 'number' ? { total } : {}),
      message: typeof message === 'string' ? message : JSON.stringify(chunk),
    };
  };
}
