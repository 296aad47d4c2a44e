// A lab, reached as an MCP client reaches it. Every failure leaves here as an AppError.
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import {
  type AgentContract,
  AppError,
  ERROR_META_KEY,
  gatewayName,
  ToolContent,
  type ToolSpec,
  type ToolsetName,
} from '@labmesh/contracts';
import type { z } from 'zod';
import type { LabEvent } from './events.js';
import { type Attempt, toolFailure } from './failure.js';
import type { FoundToken } from './operator-token.js';
import type { LabTool, Progress, SdkClient } from './sdk-client.js';
import { ask } from './wire.js';

export type { LabTool };

const CONNECT_TIMEOUT_MS = 10_000;
/** For tools that the contracts do not know. */
const CALL_TIMEOUT_MS = 120_000;
/** An answer's schema is used once: to make a program of it first would take longer than to follow it. */
const ONCE = { jitless: true } as const;
/** The lab keeps the limit itself; this is for the way there and back. */
const TRAVEL_MS = 5_000;

export interface LabOptions {
  readonly url: string;
  readonly version: string;
  readonly credential: FoundToken | undefined;
  /** The folder of the lab that is meant, where none has said that it runs. */
  readonly silentHome?: string | undefined;
  /** Folder for what may be lost. */
  readonly cache: string;
  readonly signal: AbortSignal;
  /** Which tools are listed. All of them, when left out: who types a command has no use for a list with holes. */
  readonly toolsets?: ToolsetName;
}

/** All of an agent, or the part of it that a command uses: the rest is not made. */
type Contract = Pick<AgentContract, 'name' | 'tools'>;
type Input<A extends Contract, K extends keyof A['tools']> = z.input<A['tools'][K]['input']>;
type Answer<A extends Contract, K extends keyof A['tools']> = z.output<A['tools'][K]['output']>;

interface ToolResult {
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
  readonly content?: unknown;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export class Lab {
  readonly #attempt: Attempt;
  readonly #endpoint: URL;
  #client: Promise<SdkClient> | undefined;

  constructor(private readonly options: LabOptions) {
    const { url, credential, signal, silentHome } = options;
    this.#attempt = { url, tokenSource: credential?.source, signal, silentHome };
    this.#endpoint = new URL(`${options.url}/mcp?toolsets=${options.toolsets ?? 'all'}`);
  }

  /** The tools this caller may use, as the lab lists them. @throws AppError unavailable when no lab answers */
  async tools(): Promise<LabTool[]> {
    return (await this.#connected()).tools(CONNECT_TIMEOUT_MS);
  }

  /** The names of those tools; or of those that a toolset lists. */
  async toolNames(toolsets?: ToolsetName): Promise<string[]> {
    const endpoint = toolsets === undefined ? this.#endpoint : new URL(`${this.options.url}/mcp?toolsets=${toolsets}`);
    const { tools } = (await this.#ask('tools/list', {}, CONNECT_TIMEOUT_MS, endpoint)) as {
      tools: Array<{ name: string }>;
    };
    return tools.map(({ name }) => name);
  }

  /** Calls a tool of a contract. The answer is checked against it. */
  async use<A extends Contract, K extends keyof A['tools'] & string>(
    agent: A,
    tool: K,
    input: Input<A, K>,
  ): Promise<Answer<A, K>> {
    const spec: ToolSpec | undefined = agent.tools[tool];
    const call = { name: gatewayName(agent.name, tool), arguments: input };
    const timeoutMs = (spec?.timeoutMs ?? CALL_TIMEOUT_MS) + TRAVEL_MS;
    const answer = answerOf((await this.#ask('tools/call', call, timeoutMs)) as ToolResult);
    const parsed = spec?.output.safeParse(answer, ONCE);
    if (parsed?.success !== true) {
      throw new AppError(
        'internal',
        `Cannot read the answer of ${agent.name}: the lab and this command are of different versions.`,
      );
    }
    return parsed.data as Answer<A, K>;
  }

  /** Calls a tool of a contract that shows something: content to look at, and what programs read beside it. */
  async show<A extends Contract, K extends keyof A['tools'] & string>(
    agent: A,
    tool: K,
    input: Input<A, K>,
  ): Promise<ToolContent> {
    const spec: ToolSpec | undefined = agent.tools[tool];
    const call = { name: gatewayName(agent.name, tool), arguments: input };
    const timeoutMs = (spec?.timeoutMs ?? CALL_TIMEOUT_MS) + TRAVEL_MS;
    const result = (await this.#ask('tools/call', call, timeoutMs)) as ToolResult;
    if (result.isError === true) throw toolFailure(result._meta?.[ERROR_META_KEY] ?? result.content);
    return ToolContent.parse({ content: result.content, structured: result.structuredContent });
  }

  /** Calls any tool by the name the lab lists it under. Answers its structured result, or its content where it has none. */
  async call(name: string, args: Record<string, unknown>, onProgress?: (progress: Progress) => void): Promise<unknown> {
    const { timeoutOf } = await import('./tool-timeouts.js');
    const timeoutMs = (timeoutOf(name) ?? CALL_TIMEOUT_MS) + TRAVEL_MS;
    return answerOf((await (await this.#connected()).call(name, args, { timeoutMs, onProgress })) as ToolResult);
  }

  /** The bytes of a blob, from a place on. @throws AppError; while they are read, too */
  async blob(id: string, from: number): Promise<AsyncIterable<Uint8Array>> {
    const { download } = await import('./download.js');
    const address = new URL(`${this.options.url}/blobs/${encodeURIComponent(id)}`);
    return download(address, { ...this.#attempt, token: this.options.credential?.token, from });
  }

  /** What the lab answers to a GET beside MCP. @param path below the lab's address. @throws AppError */
  async get(path: string): Promise<IncomingMessage> {
    const { get } = await import('./get.js');
    const address = new URL(`${this.options.url}/${path}`);
    return get(address, { ...this.#attempt, token: this.options.credential?.token, wanted: 200 });
  }

  /** What the lab tells by a stream beside MCP, to its end. @param path below the lab's address. @throws AppError */
  async *events(path: string): AsyncGenerator<LabEvent> {
    const { events } = await import('./events.js');
    yield* events(new URL(`${this.options.url}/${path}`), { ...this.#attempt, token: this.options.credential?.token });
  }

  /** Brings a file, however large, and answers the id of the upload. @throws AppError */
  async upload(file: { path: string; name: string; sha256: string }, onBytes: (sent: number) => void): Promise<string> {
    const { upload } = await import('./upload.js');
    const notes = join(this.options.cache, 'uploads');
    return upload({ ...this.#attempt, ...file, token: this.options.credential?.token, onBytes, notes });
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  #ask(
    method: string,
    params: { name?: string } & object,
    timeoutMs: number,
    endpoint = this.#endpoint,
  ): Promise<unknown> {
    const { version, credential } = this.options;
    return ask(method, params, {
      ...this.#attempt,
      endpoint,
      version,
      token: credential?.token,
      timeoutMs,
    });
  }

  #connected(): Promise<SdkClient> {
    const { version, credential } = this.options;
    this.#client ??= import('./sdk-client.js').then((sdk) =>
      sdk.SdkClient.connect(this.#attempt, {
        endpoint: this.#endpoint,
        version,
        token: credential?.token,
        timeoutMs: CONNECT_TIMEOUT_MS,
      }),
    );
    return this.#client;
  }
}

function answerOf(result: ToolResult): unknown {
  if (result.isError === true) throw toolFailure(result._meta?.[ERROR_META_KEY] ?? result.content);
  return result.structuredContent ?? result.content;
}
