// The lab, as this service sees it: an MCP client of the gateway with the service's own token. A caller's token never goes there.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config.js';
import { Failure } from '../failure.js';
import { CONFIG } from '../tokens.js';

const ERROR_META = 'labmesh/error';
const CALL_MS = 60_000;

@Injectable()
export class Lab implements OnApplicationShutdown {
  #client: Promise<Client> | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** The structured answer of a tool, by its name at the gateway. @throws Failure with the lab's own code */
  async call(name: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const client = await this.#connected();
    const result = await client
      .callTool({ name, arguments: { ...args } }, { timeout: CALL_MS })
      .catch((cause: unknown) => {
        // What broke may be the connection: the next call begins a new one.
        this.#client = undefined;
        throw this.#away(cause);
      });
    if (result.isError !== true) return (result.structuredContent ?? {}) as Record<string, unknown>;
    const said = (result._meta?.[ERROR_META] ?? {}) as { code?: string; message?: string; hint?: string };
    throw new Failure(said.code ?? 'failed', said.message ?? `The lab refused ${name}.`, said.hint);
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect().catch((cause: unknown) => {
      this.#client = undefined;
      throw this.#away(cause);
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const client = new Client(
      { name: 'flares-gateway', version: '0.1.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    const requestInit = { headers: { authorization: `Bearer ${this.config.token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${this.config.labUrl}/mcp`), { requestInit }));
    return client;
  }

  #away(cause: unknown): Failure {
    if (cause instanceof Failure) return cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new Failure(
      'unavailable',
      `The lab does not answer: ${why}`,
      'Try again; see whether it runs, and LABMESH_URL.',
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.#client?.catch(() => undefined))?.close();
  }
}
