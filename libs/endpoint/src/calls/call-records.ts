// The endpoint's records of calls that no agent records: refused here, never arrived, or answered by the endpoint itself.
import type { AppError } from '@labmesh/contracts';
import { type CallEnd, type CallRecorder, callRecordOf } from '@labmesh/runtime';
import type { AdmittedRequest } from './tool-request.js';

type Recorder = Pick<CallRecorder, 'record'>;

export function recordCall(
  recorder: Recorder,
  { callId, asked: { caller, entry, args } }: Pick<AdmittedRequest, 'callId' | 'asked'>,
  end: Omit<CallEnd, 'input'>,
): void {
  const { walletId, credentialId } = caller.principal;
  const { agent, tool } = entry;
  recorder.record(callRecordOf({ callId, walletId, credentialId, agent, tool }, { ...end, input: args }));
}

/** Records what never reached an agent, and gives the failure back. */
export function recordRefused(recorder: Recorder, request: AdmittedRequest, failure: AppError): AppError {
  recordCall(recorder, request, { outcome: failure.code, durationMs: 0 });
  return failure;
}
