// What the headers of a request to a session must say, whichever session it is.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import { accepts } from '../wire/accept.js';
import { sendRpcError } from '../wire/json-rpc.js';

/** What may come back: a client of these eras takes both, as it cannot know which. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  POST: ['application/json', 'text/event-stream'],
  GET: ['text/event-stream'],
};

/** Answers 406 or 400, and returns true, when they do not fit. */
export function refusesHeaders({ method = '', headers }: IncomingMessage, res: ServerResponse): boolean {
  const types = ANSWERS[method] ?? [];
  if (!types.every((type) => accepts(headers.accept, type))) {
    sendRpcError(res, 406, { code: -32000, message: `Not Acceptable: Client must accept ${types.join(' and ')}` });
    return true;
  }
  // An initialize says its version in its body.
  const version = headers['mcp-session-id'] === undefined ? undefined : headers['mcp-protocol-version'];
  if (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(String(version))) return false;
  const message = `Bad Request: Unsupported protocol version (supported versions: ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')})`;
  sendRpcError(res, 400, { code: -32000, message });
  return true;
}
