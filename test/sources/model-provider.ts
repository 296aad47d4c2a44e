// A server on this machine that stands for the providers of language models: it answers as they do, and misbehaves when it is told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANTHROPIC_ERROR, anthropicErrorEvent, asAnthropic, asOpenAi, OPENAI_ERROR, type Said } from './model-wire.js';

/** What the next request gets. */
export type Turn =
  | ({ readonly kind: 'say' } & Said)
  /** Its beginning, and the rest once it is let go. */
  | ({ readonly kind: 'hold' } & Said)
  /** Its beginning, and then the connection breaks, or is closed as if that were all. */
  | ({ readonly kind: 'break' | 'close' } & Said)
  /** Its beginning, and then an event that is no JSON. */
  | ({ readonly kind: 'malformed' } & Said)
  /** Its beginning, and then an error as an event. */
  | ({ readonly kind: 'error event' } & Said)
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly message?: string;
      readonly code?: string;
    }
  | { readonly kind: 'silence' };

export interface Asked {
  readonly messages: ReadonlyArray<{ role: string; content: unknown; tool_calls?: unknown; tool_call_id?: string }>;
  readonly system?: unknown;
  readonly tools?: ReadonlyArray<{ name?: string; function?: { name: string } }>;
  readonly [member: string]: unknown;
}

export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Asked;
  /** It was ended by whoever asked. */
  readonly aborted: boolean;
}

export interface ModelProvider extends AsyncDisposable {
  /** As `baseUrl` of either kind. */
  readonly url: string;
  /** Every request, oldest first. */
  readonly seen: ModelRequest[];
  /** The next answers, one each; none: it says back what it was asked. */
  readonly turns: Turn[];
  /** Lets all go that are held. */
  letGo(): void;
}

interface ProviderOptions {
  /** Takes this key alone, where there is one, and tells everybody which other it was given, as real ones have. */
  readonly key?: string;
  /** What is said where `turns` has no more. @param count how many were asked so far */
  readonly script?: (asked: Asked, count: number) => Turn;
}

const saidBack = (asked: Asked): Turn => ({ kind: 'say', text: ['You said: ', lastText(asked)] });

export async function modelProvider({ key, script = saidBack }: ProviderOptions = {}): Promise<ModelProvider> {
  const seen: Array<ModelRequest & { aborted: boolean }> = [];
  const turns: Turn[] = [];
  const held = new Set<() => void>();
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => void response.writeHead(599).end(String(error)));
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = {
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(await textOf(request)) as Asked,
      aborted: false,
    };
    seen.push(asked);
    response.on('close', () => {
      asked.aborted = !response.writableFinished;
    });
    const given = request.headers['x-api-key'] ?? request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (key !== undefined && given !== key)
      return refuse(response, asked, `Incorrect API key provided: ${String(given)}`);
    await answer(response, asked, turns.shift() ?? script(asked.body, seen.length));
  };
  const answer = async (response: ServerResponse, { path, body }: ModelRequest, turn: Turn): Promise<void> => {
    const isAnthropic = path.endsWith('/messages');
    if (turn.kind === 'silence') return;
    if (turn.kind === 'status') {
      const { status, headers = {}, message = 'no', code } = turn;
      const text = isAnthropic ? ANTHROPIC_ERROR(message, code) : OPENAI_ERROR(message, code ?? null);
      return void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    }
    if (body.stream !== true) throw new Error('the lab asks for streams');
    const { pieces, end } = isAnthropic ? asAnthropic(turn) : asOpenAi(turn);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    for (const piece of pieces) await written(response, piece);
    switch (turn.kind) {
      case 'break':
        return void response.destroy();
      case 'close':
        return void response.end();
      case 'malformed':
        return void response.end(`data: {"choices": [\n\n${end.join('')}`);
      case 'error event':
        return void response.end(
          isAnthropic
            ? anthropicErrorEvent('overloaded_error', 'Overloaded')
            : `data: ${OPENAI_ERROR('The server is overloaded')}\n\n`,
        );
      case 'hold':
        await new Promise<void>((resolve) => {
          held.add(resolve);
          response.on('close', resolve);
        });
        break;
      case 'say':
    }
    response.end(end.join(''));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    seen,
    turns,
    letGo: () => {
      for (const go of held) go();
      held.clear();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Each event by itself, so that it is cut where a reader does not expect it. */
async function written(response: ServerResponse, piece: string): Promise<void> {
  const at = Math.floor(piece.length / 2);
  for (const part of [piece.slice(0, at), piece.slice(at)])
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
}

const refuse = (response: ServerResponse, { path }: ModelRequest, message: string): void =>
  void response
    .writeHead(401, { 'content-type': 'application/json' })
    .end(
      path.endsWith('/messages')
        ? ANTHROPIC_ERROR(message, 'authentication_error')
        : OPENAI_ERROR(message, 'invalid_api_key'),
    );

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What a person said last, however it is written. */
export function lastText({ messages }: Asked): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content;
  return typeof content === 'string' ? content : JSON.stringify(content);
}
