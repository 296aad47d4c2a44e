// One POST beside MCP with a small body, answered whole: signing in and renewing.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type Attempt, lateFailure, unreachable } from './failure.js';

interface PostOptions extends Attempt {
  readonly type: 'application/json' | 'application/x-www-form-urlencoded';
  readonly body: string;
}

const TIMEOUT_MS = 15_000;

/** @throws AppError when nobody answers */
export async function post(address: URL, options: PostOptions): Promise<{ status: number; text: string }> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const send = address.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  const headers = { 'content-type': options.type, accept: 'application/json' };
  try {
    const res = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.any([options.signal, late]);
      send(address, { method: 'POST', headers, signal }, resolve).on('error', reject).end(options.body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk as Buffer);
    return { status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
  } catch (cause) {
    throw late.aborted ? lateFailure(options, cause) : unreachable(options, cause);
  }
}
