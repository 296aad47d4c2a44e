// The AuthZEN 1.0 API over HTTP. Who asks needs a token with access:evaluate; nobody learns here what a token of another allows.
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  bearerOf,
  FailedAttempts,
  HttpFront,
  LAB_CONFIG,
  type LabConfig,
  Policies,
  readBody,
  sendJson,
} from '@labmesh/agent';
import { AppError, sentinel } from '@labmesh/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { PrincipalsRepository } from '../principals/principals.repository.js';
import { CredentialCheck } from '../tokens/credential-check.js';
import { type Decided, type Deciding, Evaluation, Evaluations, evaluate, evaluateAll } from './authzen.js';

const BODY_BYTES_MAX = 256 * 1024;
const PATHS = { one: '/access/v1/evaluation', many: '/access/v1/evaluations' } as const;

@Injectable()
export class AuthzenRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpFront) private readonly front: HttpFront,
    @Inject(LAB_CONFIG) private readonly config: LabConfig,
    @Inject(CredentialCheck) private readonly check: CredentialCheck,
    @Inject(PrincipalsRepository) private readonly principals: PrincipalsRepository,
    @Inject(Policies) private readonly policies: Pick<Policies, 'current'>,
    @Inject(FailedAttempts) private readonly failedAttempts: FailedAttempts,
  ) {}

  onModuleInit(): void {
    this.front
      .route('/.well-known/authzen-configuration', (_req, res) => this.#describe(res))
      .route(PATHS.one, async (req, res) => {
        const body = await this.#asked(req, Evaluation);
        answer(req, res, await evaluate(body, this.#deciding()));
      })
      .route(PATHS.many, async (req, res) => {
        const body = await this.#asked(req, Evaluations);
        // Without a list it is one evaluation, as the API has it.
        if (body.evaluations === undefined || body.evaluations.length === 0)
          return answer(req, res, await evaluate(whole(Evaluation, body), this.#deciding()));
        answer(req, res, { evaluations: await evaluateAll(body, this.#deciding()) });
      });
  }

  #describe(res: ServerResponse): void {
    const { publicUrl } = this.config;
    sendJson(res, 200, {
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}${PATHS.one}`,
      access_evaluations_endpoint: `${publicUrl}${PATHS.many}`,
    });
  }

  #deciding(): Deciding {
    return { roleOf: (walletId) => this.principals.roleOf(walletId), policy: this.policies.current };
  }

  /** @throws AppError unauthenticated, forbidden, invalid_input */
  async #asked<T extends z.ZodType>(req: IncomingMessage, schema: T): Promise<z.output<T>> {
    if (req.method !== 'POST') throw new AppError('not_found', 'Ask for a decision with POST');
    const { principal } = await this.#verified(req);
    if (!principal.permissions.includes('access:evaluate'))
      throw new AppError('forbidden', 'Cannot ask for decisions without access:evaluate, which the operator has.');
    return whole(schema, jsonOf(await readBody(req, BODY_BYTES_MAX)));
  }

  /** Who guesses tokens here is held up as everywhere. */
  #verified(req: IncomingMessage) {
    return this.failedAttempts.attempt(req.socket.remoteAddress, async () => {
      const verified = await this.check.verify(bearerOf(req.headers.authorization));
      const { audience = sentinel.name } = verified;
      if (audience !== 'gateway' && audience !== sentinel.name)
        throw new AppError('unauthenticated', `Cannot accept this credential: it is good at ${audience} alone.`);
      return verified;
    });
  }
}

function whole<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_input', `Cannot decide on this request: ${z.prettifyError(parsed.error)}`);
}

/** The caller's own id of the request goes back to it. */
function answer(req: IncomingMessage, res: ServerResponse, body: Decided | { evaluations: Decided[] }): void {
  const id = req.headers['x-request-id'];
  sendJson(res, 200, body, typeof id === 'string' && id.length <= 200 ? { 'x-request-id': id } : {});
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AppError('invalid_input', 'Cannot decide on this request: it is not JSON');
  }
}
