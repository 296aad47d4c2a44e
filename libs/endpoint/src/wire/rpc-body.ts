// The JSON in a request’s body, or the specified error. Nothing gets past that is not within bounds, or would be answered under another id.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@labmesh/contracts';
import { readBody } from '@labmesh/runtime';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { inexactId } from './exact-ids.js';
import { headerOf, messageFault, sendRpcError, tooDeep } from './json-rpc.js';

/** Answers the specified error and returns undefined when the body is no JSON within bounds, or the frame of its message is wrong. */
export async function readMessage(req: IncomingMessage, res: ServerResponse): Promise<{ value: unknown } | undefined> {
  if (!isJsonContentType(headerOf(req.headers['content-type']))) {
    sendRpcError(res, 415, { code: -32000, message: 'Unsupported media type: send application/json' });
    return undefined;
  }
  let text: string;
  try {
    text = (await readBody(req)).toString('utf8');
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'too_large') throw error;
    sendRpcError(res, 413, { code: -32000, message: error.message, data: { code: error.code } });
    return undefined;
  }
  return parseMessage(text, res);
}

function parseMessage(text: string, res: ServerResponse): { value: unknown } | undefined {
  if (tooDeep(text)) {
    sendRpcError(res, 400, { code: -32600, message: 'Invalid Request: the JSON nests too deeply' });
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    sendRpcError(res, 400, { code: -32700, message: 'Parse error: the body is not JSON' });
    return undefined;
  }
  const fault = inexactId(text) ?? messageFault(value);
  if (fault === undefined) return { value };
  sendRpcError(res, 400, fault);
  return undefined;
}
