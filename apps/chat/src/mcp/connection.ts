// What the page asks of the lab. The MCP client behind it is a chunk of its own, fetched after the first paint.
import type { LabFetch } from '../session/lab-fetch.js';
import { type Failure, toFailure, toolFailure } from '../failure.js';

/** A tool as the server lists it; its form, effect and result are read from this and nothing else. */
export interface ToolInfo {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly annotations?: {
    readonly title?: string;
    readonly readOnlyHint?: boolean;
    readonly destructiveHint?: boolean;
    readonly idempotentHint?: boolean;
  };
}

export interface ToolResult {
  readonly content?: readonly unknown[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly _meta?: Record<string, unknown>;
}

export interface ProgressUpdate {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (update: ProgressUpdate) => void;
}

/** What somebody wants to hear of. */
export interface Followed {
  readonly uris: readonly string[];
  /** Also when resources come or go that this caller may read. */
  readonly lists?: boolean;
}

export interface Connection {
  listTools(): Promise<ToolInfo[]>;
  /** Rejects on transport and protocol faults; a tool's own error is a result with `isError`. */
  callTool(name: string, input: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<ToolResult>;
  /**
   * Calls when something changed behind one of the addresses. It comes again after a cut, and calls then too, since something may
   * have happened meanwhile. `since` is the `moment()` at which what they are about was asked for: what was told since counts as
   * well. Answers what ends it.
   */
  follow(followed: Followed, onChanged: () => void, since?: number): () => void;
  /** Grows with everything that the lab tells. */
  moment(): number;
  /** Calls once the lab tells of changes behind all of these, or cannot soon. Answers what ends it. */
  whenTold(followed: Followed, go: () => void): () => void;
  /** Whether the lab tells of changes right now, and what calls when that changes. */
  readonly isLive: () => boolean;
  readonly onLive: (listener: () => void) => () => void;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly fetch: LabFetch;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/**
 * Calls a tool whose output the page knows. The MCP client has checked `structuredContent` against the
 * schema that the server lists for the tool, so its shape is that schema's.
 */
export async function callFor<T>(
  connection: Connection,
  call: { name: string; input: Readonly<Record<string, unknown>>; signal?: AbortSignal },
): Promise<Outcome<T>> {
  try {
    const result = await connection.callTool(call.name, call.input, { signal: call.signal });
    if (result.isError) return { ok: false, failure: toolFailure(result) };
    return { ok: true, value: result.structuredContent as T };
  } catch (thrown) {
    return { ok: false, failure: toFailure(thrown) };
  }
}
