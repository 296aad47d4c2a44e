// One run of one tool, as the steps of the pipeline see it.
import type { Cancellation } from '@labmesh/bus';
import type { Call, ErrorCodeName, Principal, Receipt, ToolSpec } from '@labmesh/contracts';
import type { TraceContext } from '../tracing/trace-context.js';

export type BusHeaders = Readonly<Record<string, string>>;

export interface ToolRun {
  readonly agent: string;
  readonly tool: string;
  readonly spec: ToolSpec;
  readonly headers: BusHeaders;
  readonly body: unknown;
  readonly handler: ToolHandler;
  /** Called for each chunk that a streaming handler yields. */
  readonly onProgress: (chunk: unknown) => void;
  /** Aborted when the caller gives up, or when `limit` finds the time over. */
  readonly cancelled: Cancellation;
  /** Set by `trace`, when a trace came along: this run's own place in it. */
  trace?: TraceContext;
  /** Set by `authorize`. */
  principal: Principal;
  chain: readonly string[];
  /** Set by `validateInput`. */
  input: unknown;
  /** Set by `limit`. */
  deadline: number;
  /** Set by `audit`, when the caller wants it. */
  receipt?: Receipt | undefined;
}

export type Step = (run: ToolRun, next: () => Promise<unknown>) => Promise<unknown>;

export type ToolHandler = (input: unknown, call: Call) => unknown;

/** Who an internal tool without permission sees when no pass came along. Holds nothing. */
export const NOBODY: Principal = { walletId: '', role: 'citizen', permissions: [], credentialId: '' };

export type Outcome = 'ok' | ErrorCodeName;
