// One admitted call to an agent over the bus, with a pass for it. Knows contracts, never an agent's code.
import { type Bus, callHeaders, fromAnswer, type Receipted } from '@labmesh/bus';
import { cancelSubject, toAppError, toolSubject } from '@labmesh/contracts';
import type { CallRecorder } from '@labmesh/runtime';
import type { Authenticator } from '../callers/authenticator.js';
import type { Reach } from '../presence/reach.js';
import { recordRefused } from './call-records.js';
import type { AdmittedRequest } from './tool-request.js';
import { withPass } from './with-pass.js';

export interface AgentCallServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly authenticator: Authenticator;
  readonly recorder: CallRecorder;
  readonly reach: Reach;
}

/** @throws AppError, the agent's own or what kept the call from it; what never reached the agent is recorded here */
export async function askAgent(services: AgentCallServices, request: AdmittedRequest): Promise<Receipted> {
  const { bus, reach, authenticator, recorder } = services;
  const { asked, callId, wantsReceipt } = request;
  const { entry, caller, answers } = asked;
  const { agent, tool, spec } = entry;
  try {
    const deadline = Date.now() + spec.timeoutMs;
    const call = (pass: string): Promise<unknown> => {
      const headers = callHeaders({ callId, deadline, pass, answers, wantsReceipt, trace: caller.watch?.trace });
      return reach.to(agent, () =>
        bus.request(toolSubject(agent, tool), asked.args, {
          headers,
          timeoutMs: spec.timeoutMs,
          signal: asked.signal,
          streaming: spec.progress !== undefined,
          onProgress: asked.onProgress,
          cancelSubject: cancelSubject(agent),
        }),
      );
    };
    return fromAnswer(request, await withPass(authenticator, caller, { agent, call }));
  } catch (error) {
    const failure = toAppError(error);
    // The rest the agent recorded itself.
    if (failure.code === 'unavailable' || failure.code === 'unauthenticated')
      throw recordRefused(recorder, request, failure);
    throw failure;
  }
}
