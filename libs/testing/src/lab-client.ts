// An MCP client as a user would have one: the official SDK over HTTP with a bearer token.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

export interface Answer {
  readonly structured: Record<string, unknown>;
  readonly isError: boolean;
}

/** A `tools/call` result, as far as programs read it. */
export interface CallResult {
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
  readonly _meta?: Record<string, unknown> | undefined;
}

/** What programs read of a result: the structured content, or of a failure `{code, message, hint}`. */
export const said = ({ structuredContent, isError, _meta }: CallResult): Record<string, unknown> =>
  ((isError === true ? _meta?.['labmesh/error'] : structuredContent) ?? {}) as Record<string, unknown>;

export interface LabClient extends AsyncDisposable {
  readonly client: Client;
  toolNames(): Promise<string[]>;
  /** The structured content of a call. @throws an Error with the tool's code when it failed */
  call<T = Record<string, unknown>>(tool: string, args?: Record<string, unknown>): Promise<T>;
  /** Why a call failed that must fail. */
  refused(tool: string, args?: Record<string, unknown>): Promise<{ code: string; message: string; hint: string }>;
}

export type Era = '2026-07-28' | '2025-11-25';

export async function connectLab(options: { url: string; token: string; era?: Era }): Promise<LabClient> {
  const client = new Client(
    { name: 'labmesh-tests', version: '1.0.0' },
    { versionNegotiation: options.era === '2025-11-25' ? { mode: 'legacy' } : { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(options.url), {
      requestInit: { headers: { authorization: `Bearer ${options.token}` } },
    }),
  );
  const answer = async (name: string, args: Record<string, unknown>): Promise<Answer> => {
    const result = await client.callTool({ name, arguments: args });
    return { structured: said(result), isError: result.isError === true };
  };
  return {
    client,
    async toolNames() {
      return (await client.listTools()).tools.map(({ name }) => name);
    },
    async call<T>(tool: string, args: Record<string, unknown> = {}) {
      const { structured, isError } = await answer(tool, args);
      if (isError)
        throw Object.assign(
          new Error(`${tool}: ${String(structured.code)}: ${String(structured.message)}`),
          structured,
        );
      return structured as T;
    },
    async refused(tool, args = {}) {
      const { structured, isError } = await answer(tool, args);
      if (!isError)
        throw new Error(`${tool} was expected to fail, and answered ${JSON.stringify(structured).slice(0, 200)}`);
      return structured as { code: string; message: string; hint: string };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
