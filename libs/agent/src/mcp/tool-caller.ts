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
import type { CallRecorder } from '../audit/call-recorder.js';
import { canonicalHash } from '../audit/canonical-hash.js';
import type { Authenticator } from '../identity/authenticator.js';
import { newId } from '../ids.js';
import { putTrace } from '../tracing/trace-context.js';
import type { Catalogue, CatalogueName } from './catalogue.js';
import type { RequestWatch } from './request-watch.js';

export interface Caller {
  readonly principal: Principal;
  readonly credential: string;
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
    const decision = this.catalogue.decide(caller.principal, entry);
    if (!decision.decision) throw this.#refused(callId, request, new AppError('forbidden', decision.reason));
    try {
      const pass = await this.services.authenticator.passFor(caller.credential, entry.agent);
      const deadline = Date.now() + entry.spec.timeoutMs;
      const headers: Record<string, string> = { 'call-id': callId, deadline: String(deadline), pass };
      putTrace(headers, caller.watch?.trace);
      return await this.services.bus.request(toolSubject(entry.agent, entry.tool), request.args, {
        headers,
        timeoutMs: entry.spec.timeoutMs,
        signal: request.signal,
        streaming: entry.spec.progress !== undefined,
        ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
        cancelSubject: cancelSubject(entry.agent),
      });
    } catch (error) {
      const failure = toAppError(error);
      // What never reached the agent is recorded here; the rest the agent recorded itself.
      if (failure.code === 'unavailable' || failure.code === 'unauthenticated')
        throw this.#refused(callId, request, failure);
      throw failure;
    }
  }

  /** Records what never reached the agent. */
  #refused(callId: string, { caller, entry, args }: ToolRequest, failure: AppError): AppError {
    this.services.recorder.record({
      id: newId(),
      callId,
      at: new Date().toISOString(),
      walletId: caller.principal.walletId,
      credentialId: caller.principal.credentialId,
      chain: [],
      agent: entry.agent,
      tool: entry.tool,
      decision: failure.code === 'unavailable' ? 'allow' : 'deny',
      outcome: failure.code,
      durationMs: 0,
      inputHash: canonicalHash(args),
      outputHash: null,
    });
    return failure;
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
