// A call from an MCP endpoint to an agent over the bus, and its answer in MCP's words. Knows contracts, never an agent's code.
import type { Bus, CancelSignal } from '@labmesh/bus';
import {
  type Answers,
  AppError,
  type ContentBlock,
  cancelSubject,
  ERROR_CODES,
  type ErrorShape,
  type Principal,
  type Receipt,
  ToolContent,
  toAppError,
  toolSubject,
} from '@labmesh/contracts';
import { z } from 'zod';
import type { TextWatch } from '../anomalies/text-watch.js';
import { ANSWERS_HEADER, encodeAnswers } from '../answers-header.js';
import { type CallEnd, callRecordOf, durationSince } from '../audit/call-record.js';
import type { CallRecorder } from '../audit/call-recorder.js';
import { RECEIPT_HEADER, type Receipted } from '../audit/receipts.js';
import type { Authenticator } from '../identity/authenticator.js';
import { newId } from '../ids.js';
import type { CallLimits } from '../limits/call-limits.js';
import type { Refusals } from '../limits/refusals.js';
import type { Metrics } from '../metrics.js';
import type { Outcome } from '../pipeline/tool-run.js';
import type { Reach } from '../presence/reach.js';
import type { Restrictions } from '../restrictions/restrictions.js';
import { putTrace } from '../tracing/trace-context.js';
import type { Catalogue, CatalogueName } from './catalogue.js';
import type { OwnAnswer } from './own-tools.js';
import type { RequestWatch } from './request-watch.js';
import type { OwnSession } from './sessions/session-record.js';
import type { ToolScope } from './toolset-scope.js';

export interface Caller {
  readonly principal: Principal;
  readonly credential: string;
  /** What the connection asked for; everything when left out. */
  readonly scope?: ToolScope | undefined;
  /** The session the request came in, in the eras that have sessions. */
  readonly session?: OwnSession | undefined;
  /** The request this caller makes now; its ids travel with the call. */
  readonly watch?: RequestWatch | undefined;
}

export interface ToolRequest {
  readonly caller: Caller;
  readonly entry: CatalogueName;
  readonly args: unknown;
  readonly signal: CancelSignal;
  /** The call is part of a request that the wallet's rate was charged for already. */
  readonly charged?: boolean;
  readonly onProgress?: ((chunk: unknown) => void) | undefined;
  /** What the client answered to an earlier run's questions. */
  readonly answers?: Answers | undefined;
  /** True when the client can be asked: then `input_required` is thrown, else it is an error like any other. */
  readonly canAsk?: boolean | undefined;
}

/** A `tools/call` result. */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
  readonly [key: string]: unknown;
}

export interface ToolAnswer {
  readonly result: ToolResult;
  /** Of the agent's record; calls that reached no agent have none. */
  readonly receipt?: Receipt | undefined;
}

export interface ToolCallerServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly authenticator: Authenticator;
  readonly recorder: CallRecorder;
  readonly reach: Reach;
  readonly metrics: Pick<Metrics, 'call'>;
  readonly limits: CallLimits;
  readonly refusals: Refusals;
  readonly restrictions: Pick<Restrictions, 'blocked'>;
  readonly texts: Pick<TextWatch, 'see'>;
}

export class ToolCaller {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly services: ToolCallerServices,
  ) {}

  /**
   * An error of the tool is a result with `isError`.
   * @throws AppError input_required alone, and only where the client can be asked
   */
  async call(request: ToolRequest): Promise<ToolAnswer> {
    try {
      const { output, receipt } = await this.#answer(request, { receipt: true });
      return { result: resultOf(request.entry, output), receipt };
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code === 'input_required' && request.canAsk === true) throw failure;
      request.caller.watch?.failed(failure.code, true);
      return { result: errorResult(failure.toShape()), receipt: failure.receipt };
    }
  }

  /** What the agent answers. @throws AppError, the agent's own or what kept the call from it */
  async ask(request: ToolRequest): Promise<unknown> {
    return (await this.#answer(request, { receipt: false })).output;
  }

  async #answer(request: ToolRequest, wanted: { readonly receipt: boolean }): Promise<Receipted> {
    const { entry, caller } = request;
    const callId = caller.watch?.callId ?? newId();
    const blocked = this.services.restrictions.blocked(caller.principal);
    if (blocked !== undefined) throw this.#limited(callId, request, blocked);
    this.services.texts.see(
      { callId, principal: caller.principal, agent: entry.agent, tool: entry.tool },
      request.args,
    );
    const decision = this.catalogue.decide(caller.principal, entry, caller.scope);
    if (!decision.decision) throw this.#refused(callId, request, new AppError('forbidden', decision.reason));
    const { place, refusal } = this.services.limits.enter(caller.principal.walletId, entry, request.charged);
    if (refusal !== undefined) throw this.#limited(callId, request, refusal);
    try {
      if (entry.answer !== undefined) return { output: this.#answerHere(callId, request, entry.answer) };
      return await this.#askAgent(callId, request, wanted);
    } finally {
      place?.leave();
    }
  }

  async #askAgent(callId: string, request: ToolRequest, wanted: { readonly receipt: boolean }): Promise<Receipted> {
    const { entry, caller } = request;
    try {
      const pass = await this.services.authenticator.passFor(caller.credential, entry.agent, caller.principal);
      const deadline = Date.now() + entry.spec.timeoutMs;
      const headers: Record<string, string> = { 'call-id': callId, deadline: String(deadline), pass };
      if (wanted.receipt) headers[RECEIPT_HEADER] = '1';
      if (request.answers !== undefined) headers[ANSWERS_HEADER] = encodeAnswers(request.answers);
      putTrace(headers, caller.watch?.trace);
      const { bus, reach } = this.services;
      const answer = await reach.to(entry.agent, () =>
        bus.request(toolSubject(entry.agent, entry.tool), request.args, {
          headers,
          timeoutMs: entry.spec.timeoutMs,
          signal: request.signal,
          streaming: entry.spec.progress !== undefined,
          ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
          cancelSubject: cancelSubject(entry.agent),
        }),
      );
      return wanted.receipt ? (answer as Receipted) : { output: answer };
    } catch (error) {
      const failure = toAppError(error);
      // The key it was signed with may be trusted no more; the next call has a new pass.
      if (failure.code === 'unauthenticated')
        this.services.authenticator.forgetPass(caller.credential, entry.agent, caller.principal);
      // What never reached the agent is recorded here; the rest the agent recorded itself.
      if (failure.code === 'unavailable' || failure.code === 'unauthenticated')
        throw this.#refused(callId, request, failure);
      throw failure;
    }
  }

  /** One of the endpoint's own tools. It is recorded and counted as an agent would do it. */
  #answerHere(callId: string, request: ToolRequest, answer: OwnAnswer): Record<string, unknown> {
    const { agent, tool, spec } = request.entry;
    const started = performance.now();
    let outcome: Outcome = 'ok';
    let output: Record<string, unknown> | undefined;
    try {
      const parsed = spec.input.safeParse(request.args);
      if (!parsed.success)
        throw new AppError('invalid_input', `Cannot run ${tool} with this input: ${z.prettifyError(parsed.error)}`);
      output = answer(parsed.data, request.caller);
      return output;
    } catch (error) {
      outcome = toAppError(error).code;
      throw error;
    } finally {
      const durationMs = durationSince(started);
      this.services.metrics.call(agent, tool, outcome, durationMs / 1_000);
      this.#record(callId, request, { outcome, durationMs, output });
    }
  }

  /** Limits record what they turn away in their own, bounded way. */
  #limited(callId: string, { caller, entry }: ToolRequest, refusal: AppError): AppError {
    const { walletId, credentialId } = caller.principal;
    this.services.refusals.note({ callId, walletId, credentialId, agent: entry.agent, tool: entry.tool }, refusal);
    return refusal;
  }

  /** Records what never reached the agent. */
  #refused(callId: string, request: ToolRequest, failure: AppError): AppError {
    this.#record(callId, request, { outcome: failure.code, durationMs: 0 });
    return failure;
  }

  #record(callId: string, { caller, entry, args }: ToolRequest, end: Omit<CallEnd, 'input'>): void {
    const { walletId, credentialId } = caller.principal;
    const { agent, tool } = entry;
    this.services.recorder.record(
      callRecordOf({ callId, walletId, credentialId, agent, tool }, { ...end, input: args }),
    );
  }
}

function resultOf({ spec }: CatalogueName, output: unknown): ToolResult {
  if (spec.output !== ToolContent) {
    const structuredContent = output as Record<string, unknown>;
    return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent };
  }
  const { content, structured } = output as ToolContent;
  return { content, ...(structured === undefined ? {} : { structuredContent: structured }) };
}

/** A failure as a tool result: models and people read the text, programs the structure. */
export function errorResult(shape: ErrorShape): ToolResult {
  const hint = ERROR_CODES[shape.code].retry ? 'The same call may succeed later.' : ERROR_CODES[shape.code].meaning;
  const structuredContent = {
    code: shape.code,
    message: shape.message,
    hint,
    ...(shape.details === undefined ? {} : { details: shape.details }),
  };
  return { content: [{ type: 'text', text: `${shape.code}: ${shape.message}` }], structuredContent, isError: true };
}
