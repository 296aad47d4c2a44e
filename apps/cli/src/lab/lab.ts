// A lab, reached as any MCP client reaches it. Every failure leaves here as an AppError.
import { AGENTS, type AgentContract, AppError, gatewayName, publicTools, type ToolSpec } from '@labmesh/contracts';
import { Client, type Progress, StreamableHTTPClientTransport, type Tool } from '@modelcontextprotocol/client';
import type { z } from 'zod';
import { type Attempt, failureOf, toolFailure } from './failure.js';
import type { FoundToken } from './operator-token.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** For tools that the contracts do not know. */
const CALL_TIMEOUT_MS = 120_000;
/** The lab keeps the limit itself; this is for the way there and back. */
const TRAVEL_MS = 5_000;

export type LabTool = Tool;

export interface LabOptions {
  readonly url: string;
  readonly version: string;
  readonly credential: FoundToken | undefined;
  readonly signal: AbortSignal;
}

type Input<A extends AgentContract, K extends keyof A['tools']> = z.input<A['tools'][K]['input']>;
type Answer<A extends AgentContract, K extends keyof A['tools']> = z.output<A['tools'][K]['output']>;

export class Lab {
  private constructor(
    private readonly client: Client,
    private readonly attempt: Attempt,
  ) {}

  /** @throws AppError unavailable when no lab answers, unauthenticated when it does not know the caller */
  static async connect({ url, version, credential, signal }: LabOptions): Promise<Lab> {
    const attempt: Attempt = { url, tokenSource: credential?.source, signal };
    const client = new Client({ name: 'labmesh', version }, { versionNegotiation: { mode: 'auto' } });
    const headers: Record<string, string> =
      credential === undefined ? {} : { authorization: `Bearer ${credential.token}` };
    const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } });
    try {
      await client.connect(transport, { signal, timeout: CONNECT_TIMEOUT_MS });
    } catch (thrown) {
      throw failureOf(thrown, attempt);
    }
    return new Lab(client, attempt);
  }

  /** The tools this caller may use, as the lab lists them. */
  async tools(): Promise<LabTool[]> {
    const { signal } = this.attempt;
    return (await this.#guarded(() => this.client.listTools(undefined, { signal, timeout: CONNECT_TIMEOUT_MS }))).tools;
  }

  /** Calls a tool of a contract. The answer is checked against it. */
  async use<A extends AgentContract, K extends keyof A['tools'] & string>(
    agent: A,
    tool: K,
    input: Input<A, K>,
  ): Promise<Answer<A, K>> {
    const answer = await this.call(gatewayName(agent.name, tool), input as Record<string, unknown>);
    const spec: ToolSpec | undefined = agent.tools[tool];
    const parsed = spec?.output.safeParse(answer);
    if (parsed?.success !== true) {
      throw new AppError(
        'internal',
        `Cannot read the answer of ${agent.name}: the lab and this command are of different versions.`,
      );
    }
    return parsed.data as Answer<A, K>;
  }

  /** Calls any tool by the name the lab lists it under. Answers its structured result, or its content where it has none. */
  async call(name: string, args: Record<string, unknown>, onProgress?: (progress: Progress) => void): Promise<unknown> {
    const { signal } = this.attempt;
    const timeout = timeoutOf(name) + TRAVEL_MS;
    const result = await this.#guarded(() =>
      this.client.callTool(
        { name, arguments: args },
        { signal, timeout, ...(onProgress === undefined ? {} : { onprogress: onProgress }) },
      ),
    );
    if (result.isError === true) throw toolFailure(result.structuredContent ?? result.content);
    return result.structuredContent ?? result.content;
  }

  async close(): Promise<void> {
    await this.client.close().catch(() => undefined);
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw failureOf(thrown, this.attempt);
    }
  }
}

function timeoutOf(name: string): number {
  const known = publicTools(AGENTS).find(({ agent, tool }) => gatewayName(agent, tool) === name);
  return known?.spec.timeoutMs ?? CALL_TIMEOUT_MS;
}
