// The gate of every call that an MCP endpoint makes for somebody: restrictions, rights, limits. Behind it an agent answers, or
// the endpoint itself. What never got through is recorded here.
import type { Receipted } from '@labmesh/bus';
import { AppError, textFieldsOf, toAppError } from '@labmesh/contracts';
import type { Restrictions } from '@labmesh/identity';
import { newId } from '@labmesh/runtime';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { CallLimits } from '../limits/call-limits.js';
import type { Refusals } from '../limits/refusals.js';
import type { TextWatch } from '../text-watch/text-watch.js';
import { type AgentCallServices, askAgent } from './agent-calls.js';
import { recordRefused } from './call-records.js';
import { answerHere, type OwnCallServices } from './own-calls.js';
import type { AdmittedRequest, ToolRequest } from './tool-request.js';
import { answerOf, failedAnswer, type ToolAnswer } from './tool-result.js';

export interface ToolCallServices extends AgentCallServices, OwnCallServices {
  readonly limits: CallLimits;
  readonly refusals: Refusals;
  readonly restrictions: Pick<Restrictions, 'blocked'>;
  readonly texts: Pick<TextWatch, 'see'>;
}

export class ToolCalls {
  constructor(
    private readonly catalogue: Pick<Catalogue, 'decide'>,
    private readonly services: ToolCallServices,
  ) {}

  /**
   * An error of the tool is a result with `isError`.
   * @throws AppError input_required alone, and only where the client can be asked
   */
  async call(request: ToolRequest): Promise<ToolAnswer> {
    try {
      const { output, receipt } = await this.#answer(request, true);
      return answerOf(request.entry, output, receipt);
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code === 'input_required' && request.canAsk === true) throw failure;
      request.caller.watch?.failed(failure.code, true);
      return failedAnswer(failure);
    }
  }

  /** What the agent answers. @throws AppError, the agent's own or what kept the call from it */
  async ask(request: ToolRequest): Promise<unknown> {
    return (await this.#answer(request, false)).output;
  }

  async #answer(asked: ToolRequest, wantsReceipt: boolean): Promise<Receipted> {
    const { entry, caller, args } = asked;
    const { restrictions, texts, limits, recorder } = this.services;
    const callId = asked.callId ?? caller.watch?.callId ?? newId();
    const request: AdmittedRequest = { asked, callId, wantsReceipt };
    const blocked = restrictions.blocked(caller.principal);
    if (blocked !== undefined) throw this.#limited(request, blocked);
    const fields = textFieldsOf(entry.spec.input);
    texts.see({ callId, principal: caller.principal, agent: entry.agent, tool: entry.tool, fields }, args);
    const decision = this.catalogue.decide(caller.principal, entry, caller.scope);
    if (!decision.decision) throw recordRefused(recorder, request, new AppError('forbidden', decision.reason));
    const { place, refusal } = limits.enter(caller.principal.walletId, entry, asked.charged);
    if (refusal !== undefined) throw this.#limited(request, refusal);
    try {
      if (entry.answer !== undefined) return { output: answerHere(this.services, request, entry.answer) };
      return await askAgent(this.services, request);
    } finally {
      place?.leave();
    }
  }

  /** Limits record what they turn away in their own, bounded way. */
  #limited({ callId, asked: { caller, entry } }: AdmittedRequest, refusal: AppError): AppError {
    const { walletId, credentialId } = caller.principal;
    this.services.refusals.note({ callId, walletId, credentialId, agent: entry.agent, tool: entry.tool }, refusal);
    return refusal;
  }
}
