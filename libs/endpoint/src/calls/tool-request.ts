// What is asked of a tool or another operation on somebody's behalf, before and behind the gate.
import type { CancelSignal } from '@labmesh/bus';
import type { Answers } from '@labmesh/contracts';
import type { Caller } from '../callers/caller.js';
import type { CatalogueName } from '../catalogue/listing.js';

export interface ToolRequest {
  readonly caller: Caller;
  readonly entry: CatalogueName;
  readonly args: unknown;
  readonly signal: CancelSignal;
  /** Of the HTTP request that this is all of; left out, the watch of the caller's request has it. */
  readonly callId?: string;
  /** The call is part of a request that the wallet's rate was charged for already. */
  readonly charged?: boolean;
  readonly onProgress?: ((chunk: unknown) => void) | undefined;
  /** What the client answered to an earlier run's questions. */
  readonly answers?: Answers | undefined;
  /** True when the client can be asked: then `input_required` is thrown, else it is an error like any other. */
  readonly canAsk?: boolean | undefined;
}

/** A request at the gate and behind it. Beside what was asked, not a copy with more in it: copying costs microseconds on every call. */
export interface AdmittedRequest {
  readonly asked: ToolRequest;
  readonly callId: string;
  /** The receipt of the agent's record is wanted beside its answer. */
  readonly wantsReceipt: boolean;
}
