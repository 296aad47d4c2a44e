// What the gateway serves beside MCP: the page, sign-in by one-time code, and the keys that tokens verify against.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import {
  BUS,
  FailedAttempts,
  HttpFront,
  LAB_CONFIG,
  type LabConfig,
  metadataPath,
  readBody,
  resourceMetadata,
  sendJson,
} from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { AppError, ERROR_CODES, errorShape, sentinel, toolSubject } from '@labmesh/contracts';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { StaticPage } from './static-page.js';

/** Largest sign-in request, bytes. */
const SIGN_IN_BYTES_MAX = 4_096;

@Injectable()
export class GatewayRoutes implements OnModuleInit {
  constructor(
    @Inject(HttpFront) private readonly front: HttpFront,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(LAB_CONFIG) private readonly config: LabConfig,
    @Inject(FailedAttempts) private readonly failedAttempts: FailedAttempts,
  ) {}

  onModuleInit(): void {
    const page = new StaticPage(join(this.config.installRoot, 'apps/chat/dist'));
    this.front
      .prefix('/', (req, res, path) => page.serve(req, res, path))
      .route('/sign-in', (req, res) => this.#signIn(req, res))
      .route('/.well-known/jwks.json', (_req, res) => this.#keys(res))
      .route(metadataPath(''), (_req, res) => sendJson(res, 200, resourceMetadata(this.config, '/mcp')));
  }

  /** The code comes in the body, never in the address: addresses end up in logs and histories. */
  async #signIn(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') throw new AppError('not_found', 'Sign in with POST and {"code": "…"}');
    const address = req.socket.remoteAddress;
    const refusal = this.failedAttempts.refusal(address);
    if (refusal !== undefined) throw refusal;
    const body = await readBody(req, SIGN_IN_BYTES_MAX);
    const input = sentinel.tools.redeem_sign_in_code.input.safeParse(jsonOf(body));
    if (!input.success) throw new AppError('invalid_input', 'Cannot sign in: send {"code": "…"} as JSON');
    const answer = await this.#ask('redeem_sign_in_code', input.data).catch((error: unknown) => {
      if (!ERROR_CODES[errorShape(error).code].retry) this.failedAttempts.failed(address);
      throw error;
    });
    sendJson(res, 200, answer);
  }

  async #keys(res: ServerResponse): Promise<void> {
    sendJson(res, 200, await this.#ask('get_signing_keys', {}), { 'cache-control': 'public, max-age=60' });
  }

  #ask(tool: 'redeem_sign_in_code' | 'get_signing_keys', input: object): Promise<unknown> {
    return this.bus.request(toolSubject(sentinel.name, tool), input, {
      headers: {},
      timeoutMs: sentinel.tools[tool].timeoutMs,
    });
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
