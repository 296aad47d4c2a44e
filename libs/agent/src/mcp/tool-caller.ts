// A call from an MCP endpoint to an agent over the bus, and its answer in MCP's words. Knows contracts, never an agent's code.
import type { Bus } from '@labmesh/bus';
import {
  AppError,
  cancelSubject,
  ERROR_CODES,
  type ErrorShape,
  type Principal,
  toAppError,
  toolSubject,
} from '@labmesh/contracts';
import { z } from 'zod';
import type { CallRecorder } from '../audit/call-recorder.js';
import { canonicalHash } from '../audit/canonical-hash.js';
import type { Authenticator } from '../identity/authenticator.js';
import { newId } from '../ids.js';
import type { CallLimits } from '../limits/call-limits.js';
import type { Refusals } from '../limits/refusals.js';
import type { Metrics } from '../metrics.js';
import type { Outcome } from '../pipeline/tool-run.js';
import type { Reach } from '../presence/reach.js';
import { putTrace } from '../tracing/trace-context.js';
import type { Catalogue, CatalogueName } from './catalogue.js';
import type { OwnAnswer } from './own-tools.js';
import type { RequestWatch } from './request-watch.js';
import type { ToolScope } from './toolset-scope.js';

export interface Caller {
  readonly principal: Principal;
  readonly credential: string;
  /** What the connection asked for; everything when left out. */
  readonly scope?: ToolScope | undefined;
  /** The request this caller makes now; its ids travel with the call. */
  readonly watch?: RequestWatch | undefined;
}

export interface ToolRequest {
  readonly caller: Caller;
  readonly entry: CatalogueName;
  readonly args: unknown;
  readonly signal: AbortSignal;
  readonly onProgress?: ((chunk: unknown) => void) | undefined;
}

/** A `tools/call` result. */
export interface ToolResult {
  readonly content: Array<{ type: 'text'; text: string }>;
  readonly structuredContent: Record<string, unknown>;
  readonly isError?: true;
  readonly [key: string]: unknown;
}

export interface ToolCallerServices {
  readonly bus: Pick<Bus, 'request'>;
  readonly authenticator: Authenticator;
  readonly recorder: CallRecorder;
  readonly reach: Reach;
  readonly metrics: Pick<Metrics, 'call'>;
  readonly limits: CallLimits;
  readonly refusals: Refusals;
}

export class ToolCaller {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly services: ToolCallerServices,
  ) {}

  /** Never rejects for what the agent answered: an error of the tool is a result with `isError`. */
  async call(request: ToolRequest): Promise<ToolResult> {
    try {
      const output = await this.ask(request);
      return {
        content: [{ type: 'text', text: JSON.stringify(output) }],
        structuredContent: output as Record<string, unknown>,
      };
    } catch (error) {
      const failure = toAppError(error);
      request.caller.watch?.failed(failure.code, true);
      return errorResult(failure.toShape());
    }
  }

  /** What the agent answers. @throws AppError, the agent's own or what kept the call from it */
  async ask(request: ToolRequest): Promise<unknown> {
    const { entry, caller } = request;
    const callId = caller.watch?.callId ?? newId();
    const decision = this.catalogue.decide(caller.principal, entry, caller.scope);
    if (!decision.decision) throw this.#refused(callId, request, new AppError('forbidden', decision.reason));
    const { place, refusal } = this.services.limits.enter(caller.principal.walletId, entry);
    if (refusal !== undefined) throw this.#limited(callId, request, refusal);
    try {
      if (entry.answer !== undefined) return this.#answerHere(callId, request, entry.answer);
      return await this.#askAgent(callId, request);
    } finally {
      place?.leave();
    }
  }

  async #askAgent(callId: string, request: ToolRequest): Promise<unknown> {
    const { entry, caller } = request;
    try {
      const pass = await this.services.authenticator.passFor(caller.credential, entry.agent);
      const deadline = Date.now() + entry.spec.timeoutMs;
      const headers: Record<string, string> = { 'call-id': callId, deadline: String(deadline), pass };
      putTrace(headers, caller.watch?.trace);
      const { bus, reach } = this.services;
      return await reach.to(entry.agent, () =>
        bus.request(toolSubject(entry.agent, entry.tool), request.args, {
          headers,
          timeoutMs: entry.spec.timeoutMs,
          signal: request.signal,
          streaming: entry.spec.progress !== undefined,
          ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
          cancelSubject: cancelSubject(entry.agent),
        }),
      );
    } catch (error) {
      const failure = toAppError(error);
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
      const durationMs = Math.round((performance.now() - started) * 1_000) / 1_000;
      this.services.metrics.call(agent, tool, outcome, durationMs / 1_000);
      this.#record(callId, request, {
        outcome,
        durationMs,
        outputHash: output === undefined ? null : canonicalHash(output),
      });
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
    this.#record(callId, request, { outcome: failure.code, durationMs: 0, outputHash: null });
    return failure;
  }

  #record(
    callId: string,
    { caller, entry, args }: ToolRequest,
    end: { outcome: Outcome; durationMs: number; outputHash: string | null },
  ): void {
    const denied = end.outcome === 'forbidden' || end.outcome === 'unauthenticated';
    this.services.recorder.record({
      id: newId(),
      callId,
      at: new Date().toISOString(),
      walletId: caller.principal.walletId,
      credentialId: caller.principal.credentialId,
      chain: [],
      agent: entry.agent,
      tool: entry.tool,
      decision: denied ? 'deny' : 'allow',
      inputHash: canonicalHash(args),
      ...end,
    });
  }
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
