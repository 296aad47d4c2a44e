// One admitted call of the endpoint's own tools, which no agent answers. It is recorded and counted as an agent would do it.
import { acceptedInput, type Outcome, toAppError } from '@labmesh/contracts';
import { type CallRecorder, durationSince, type Metrics } from '@labmesh/runtime';
import type { OwnAnswer } from '../catalogue/listing.js';
import { recordCall } from './call-records.js';
import type { AdmittedRequest } from './tool-request.js';

export interface OwnCallServices {
  readonly metrics: Pick<Metrics, 'call'>;
  readonly recorder: CallRecorder;
}

/** @throws AppError invalid_input, or what the tool's contract lists */
export function answerHere(
  { metrics, recorder }: OwnCallServices,
  request: AdmittedRequest,
  answer: OwnAnswer,
): Record<string, unknown> {
  const { agent, tool, spec } = request.asked.entry;
  const started = performance.now();
  let outcome: Outcome = 'ok';
  let output: Record<string, unknown> | undefined;
  try {
    output = answer(acceptedInput(spec.input, request.asked.args, { tool }), request.asked.caller);
    return output;
  } catch (error) {
    outcome = toAppError(error).code;
    throw error;
  } finally {
    const durationMs = durationSince(started);
    metrics.call(agent, tool, outcome, durationMs / 1_000);
    recordCall(recorder, request, { outcome, durationMs, output });
  }
}
