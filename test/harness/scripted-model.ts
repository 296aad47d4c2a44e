// A language model's provider for tests of the page: OpenAI's chat completions over HTTP, as the last message has it. It holds back
// what it is told to hold until its caller goes away.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';

interface Said {
  readonly role: string;
  readonly content?: unknown;
}

export interface Line {
  readonly text?: string;
  readonly call?: { readonly name: string; readonly input: object };
  /** Goes on writing only when somebody releases it. */
  readonly hold?: boolean;
}

export interface ScriptedModel extends AsyncDisposable {
  readonly url: string;
  /** How many answers were broken off by their caller. */
  readonly left: () => number;
  readonly asked: () => number;
}

/** @param script what is said to the last message, of its role and words */
export async function scriptedModel(
  script: (role: string, words: string, turn: number) => readonly Line[],
): Promise<ScriptedModel> {
  let asked = 0;
  let left = 0;
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const { messages } = JSON.parse(body) as { messages: Said[] };
      const last = messages.at(-1);
      asked += 1;
      response.on('close', () => {
        if (!response.writableFinished) left += 1;
      });
      say(response, script(last?.role ?? '', wordsOf(last?.content), asked));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    left: () => left,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const wordsOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : Array.isArray(content)
      ? content.map((part: { text?: string }) => part.text ?? '').join(' ')
      : '';

function say(response: ServerResponse, lines: readonly Line[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, finish: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  chunk({ role: 'assistant', content: '' });
  let calls = 0;
  for (const { text, call, hold } of lines) {
    if (text !== undefined) chunk({ content: text });
    if (call !== undefined) {
      const fn = { name: call.name, arguments: JSON.stringify(call.input) };
      chunk({ tool_calls: [{ index: calls, id: `call_${calls}`, type: 'function', function: fn }] });
      calls += 1;
    }
    if (hold) return;
  }
  chunk({}, calls > 0 ? 'tool_calls' : 'stop');
  response.end('data: [DONE]\n\n');
}
