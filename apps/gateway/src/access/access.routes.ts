// The AuthZEN Authorization API 1.0 over HTTP, for other systems of the lab: the Sentinel decides. Who asks needs a token with
// access:evaluate; nobody learns here what a token of another allows.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, type Decided, type Principal, sentinel, toAppError, WalletId } from '@labmesh/contracts';
import {
  Admission,
  CallerDoor,
  ENDPOINT_HOST,
  type EndpointHost,
  type KnownCaller,
  readJsonBody,
} from '@labmesh/endpoint';
import { decide } from '@labmesh/identity';
import { type CallEnd, callIdOf, callRecordOf, durationSince, sendJson } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { askSentinelAs } from '../ask-sentinel-as.js';
import { manyOf, oneOf, type Question } from './evaluations.js';

const BODY_BYTES_MAX = 256 * 1024;
const PATHS = { one: '/access/v1/evaluation', many: '/access/v1/evaluations' } as const;
const TOOL = { agent: sentinel.name, tool: 'evaluate_access', spec: sentinel.tools.evaluate_access } as const;

type Answer = Decided | { readonly evaluations: readonly Decided[] };

@Injectable()
export class AccessRoutes implements OnModuleInit {
  readonly #door: CallerDoor;
  readonly #admission: Admission;

  constructor(@Inject(ENDPOINT_HOST) private readonly host: EndpointHost) {
    this.#door = new CallerDoor(host);
    this.#admission = new Admission(host);
  }

  onModuleInit(): void {
    this.host.front
      .route('/.well-known/authzen-configuration', (_req, res) => this.#describe(res))
      .route(PATHS.one, (req, res) => this.#handle(req, res, oneOf))
      .route(PATHS.many, (req, res) => this.#handle(req, res, manyOf));
  }

  #describe(res: ServerResponse): void {
    const { publicUrl } = this.host.config;
    sendJson(res, 200, {
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}${PATHS.one}`,
      access_evaluations_endpoint: `${publicUrl}${PATHS.many}`,
    });
  }

  async #handle(req: IncomingMessage, res: ServerResponse, read: (body: unknown) => Question): Promise<void> {
    // The caller's own id of the request goes back to it, whatever the answer is.
    const id = req.headers['x-request-id'];
    if (typeof id === 'string') res.setHeader('x-request-id', id);
    if (req.method !== 'POST') {
      res.setHeader('allow', 'POST');
      return sendJson(res, 405, { code: 'not_found', message: 'Ask for a decision with POST' });
    }
    const caller = await this.#door.identify(req, res);
    if (caller === undefined) return;
    this.#admission.request(caller.principal, TOOL);
    const started = performance.now();
    const record = (end: Omit<CallEnd, 'durationMs'>): void =>
      this.#record(caller, callIdOf(res), { ...end, durationMs: durationSince(started) });
    let body: unknown;
    try {
      this.#refuse(caller.principal);
      body = await readJsonBody(req, BODY_BYTES_MAX);
      const output = await this.#decided(caller, callIdOf(res), read(body));
      record({ outcome: 'ok', input: body, output, about: aboutOf(body) });
      sendJson(res, 200, output);
    } catch (error) {
      req.resume();
      record({ outcome: toAppError(error).code, input: body });
      throw error;
    }
  }

  /** @throws AppError forbidden, or what holds the wallet up */
  #refuse(principal: Principal): void {
    const { restrictions, policies } = this.host;
    const blocked = restrictions.blocked(principal);
    if (blocked !== undefined) throw blocked;
    const { decision, reason } = decide(principal, TOOL, { policy: policies.current, internal: true });
    if (!decision) throw new AppError('forbidden', reason);
  }

  /** @throws AppError invalid_input for one evaluation that is not whole; of many, such a one is denied by itself */
  async #decided(caller: KnownCaller, callId: string, { asked, isList }: Question): Promise<Answer> {
    const { evaluations } = await askSentinelAs(this.host, { caller, callId, tool: TOOL.tool, input: asked });
    if (isList) return { evaluations };
    const [only] = evaluations;
    if (only === undefined) throw new AppError('unavailable', 'The Sentinel gave no decision. Ask again.');
    if (only.context !== undefined && 'error' in only.context)
      throw new AppError('invalid_input', only.context.error.message);
    return only;
  }

  /** The Sentinel records no internal tool: that somebody asked is recorded here. */
  #record({ principal }: KnownCaller, callId: string, end: CallEnd): void {
    const { walletId, credentialId } = principal;
    const { agent, tool } = TOOL;
    this.host.recorder.record(callRecordOf({ callId, walletId, credentialId, agent, tool }, end));
  }
}

/** The wallet that one decision is about. */
function aboutOf(body: unknown): Record<string, string> | undefined {
  const { subject } = body as { subject?: { id?: unknown } | null };
  const { data } = WalletId.safeParse(subject?.id);
  return data === undefined ? undefined : { walletId: data };
}
