// HTTP: /mcp for callers with a token, /healthz for whoever watches. Host and Origin are looked at before anything is read.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { All, Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Config } from '../config.js';
import { Callers } from '../callers/callers.js';
import { Failure } from '../failure.js';
import { CONFIG } from '../tokens.js';
import { McpEndpoint } from './mcp.server.js';

type Parsed = IncomingMessage & { readonly body?: unknown };

@Controller()
export class McpController {
  readonly #host: ReturnType<typeof hostHeaderValidation>;
  readonly #origin: ReturnType<typeof originValidation>;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly callers: Callers,
    private readonly endpoint: McpEndpoint,
  ) {
    this.#host = hostHeaderValidation([...config.hosts]);
    this.#origin = originValidation([...config.hosts]);
  }

  @Get('healthz')
  health(): { status: string } {
    return { status: 'ok' };
  }

  @All('mcp')
  async mcp(@Req() req: Parsed, @Res() res: ServerResponse): Promise<void> {
    if (!this.#host(req, res) || !this.#origin(req, res)) return;
    try {
      const caller = await this.callers.identify(req.headers.authorization);
      await toNodeHandler({ fetch: (request, options) => this.endpoint.fetch(request, caller, options?.parsedBody) })(
        req,
        res,
        req.body,
      );
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, message, hint } = error;
      const isUnknown = code === 'unauthenticated';
      if (isUnknown) res.setHeader('www-authenticate', 'Bearer');
      res.writeHead(isUnknown ? 401 : 503, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ code, message, hint }));
    }
  }
}
