// One run of one tool, as the steps of the pipeline see it.
import type { CallHeaders, Cancellation } from '@labmesh/bus';
import type { Call, Principal, Receipt, ToolSpec } from '@labmesh/contracts';
import type { TraceContext } from '@labmesh/runtime';

export interface ToolRun {
  readonly agent: string;
  readonly tool: string;
  readonly spec: ToolSpec;
  readonly headers: CallHeaders;
  readonly body: unknown;
  readonly handler: ToolHandler;
  /** Called for each chunk that a streaming handler yields. */
  readonly onProgress: (chunk: unknown) => void;
  /** Aborted when the caller gives up, or when `withinDeadline` finds the time over. */
  readonly cancelled: Cancellation;
  /** Set by `trace`, when a trace came along: this run's own place in it. */
  trace?: TraceContext;
  /** Set by `authorize`. */
  principal: Principal;
  chain: readonly string[];
  /** Set by `validateInput`. */
  input: unknown;
  /** Set by `withinDeadline`. */
  deadline: number;
  /** Set by `audit`, when the caller wants it. */
  receipt?: Receipt | undefined;
}

export type Step = (run: ToolRun, next: () => Promise<unknown>) => Promise<unknown>;

export type ToolHandler = (input: unknown, call: Call) => unknown;

/** Who an internal tool without permission sees when no pass came along. Holds nothing. */
export const NOBODY: Principal = { walletId: '', role: 'citizen', permissions: [], credentialId: '' };
