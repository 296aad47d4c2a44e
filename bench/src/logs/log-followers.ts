// Clients that follow a log through the gateway, as programs do: by MCP, or by server-sent events. They read every byte.
import { request } from 'node:http';

export interface Target {
  readonly port: number;
  readonly token: string;
  readonly jobId: string;
}

interface Piece {
  readonly text?: string;
}

/** Called with what a job wrote, as it comes. */
export type Take = (text: string) => void;

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The data of each event of an answer, or the whole body of one that is no stream. */
function eventsOf({ port, token }: Target, asked: Asked, onEvent: (name: string, data: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body } = asked;
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers: { authorization: `Bearer ${token}`, ...headers } },
      (res) => {
        const streams = String(res.headers['content-type']).startsWith('text/event-stream');
        let rest = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          rest += chunk;
          if (!streams) return;
          const events = rest.split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) {
            const data = /^data: (.*)$/m.exec(event)?.[1];
            if (data !== undefined) onEvent(/^event: (.*)$/m.exec(event)?.[1] ?? 'message', data);
          }
        });
        res.on('end', () => {
          if (!streams) onEvent('message', rest);
          resolve();
        });
        res.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  progressToken: 1,
};
const MCP = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'mechanic_stream_logs',
};

/** stream_logs, again and again until the end mark. @returns how many calls it took */
export async function followByMcp(target: Target, take: Take): Promise<number> {
  for (let calls = 1, cursor = '1:0'; ; calls += 1) {
    const params = {
      name: 'mechanic_stream_logs',
      arguments: { jobId: target.jobId, follow: true, cursor },
      _meta: META,
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    let ended = false;
    await eventsOf(target, { method: 'POST', path: '/mcp', headers: MCP, body }, (_name, data) => {
      const message = JSON.parse(data);
      if (message.method === 'notifications/progress') {
        const { pieces } = JSON.parse(message.params.message) as { pieces: Piece[] };
        for (const { text = '' } of pieces) take(text);
        return;
      }
      const answer = message.result?.structuredContent;
      if (answer === undefined) throw new Error(`stream_logs failed: ${data.slice(0, 500)}`);
      ({ cursor, ended } = answer);
    });
    if (ended) return calls;
  }
}

export async function followByEvents(target: Target, take: Take): Promise<void> {
  let complete = false;
  const path = `/jobs/${target.jobId}/logs?cursor=1:0`;
  await eventsOf(target, { method: 'GET', path, headers: {} }, (name, data) => {
    if (name === 'complete') complete = true;
    if (name !== 'log') return;
    for (const { text = '' } of (JSON.parse(data) as { pieces: Piece[] }).pieces) take(text);
  });
  if (!complete) throw new Error('The stream of a log ended before the log did');
}
