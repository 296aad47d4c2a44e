// What came in one POST of a session: a message, or in protocol 2025-03-26 and older a batch of them. Parts of a batch that are no
// messages are answered each for itself.
import { type JSONRPCMessage, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import { echoableId, messageFault, type RequestId, type RpcFault, rpcError } from '../wire/json-rpc.js';

/** Protocols up to this one have batches. */
const BATCHES_UNTIL = '2025-03-26';
const BATCH_MAX = 100;

export interface Posted {
  readonly messages: readonly JSONRPCMessage[];
  /** The methods of those that want an answer. */
  readonly requests: ReadonlyMap<RequestId, string>;
  /** The answers to what is no message. */
  readonly refused: readonly JSONRPCMessage[];
  readonly batch: boolean;
}

/** @param version of the session; empty before it is opened */
export function postedIn(body: unknown, version: string): Posted | RpcFault {
  const batch = Array.isArray(body);
  if (batch && (version === '' || version > BATCHES_UNTIL))
    return invalid(
      `batches are part of protocol ${BATCHES_UNTIL}, which this session does not speak: send one message per request`,
    );
  if (batch && (body.length === 0 || body.length > BATCH_MAX))
    return invalid(`a batch holds 1 to ${BATCH_MAX} messages`);
  const messages: JSONRPCMessage[] = [];
  const refused: JSONRPCMessage[] = [];
  const requests = new Map<RequestId, string>();
  for (const part of batch ? (body as unknown[]) : [body]) {
    const message = messageIn(part, requests);
    if (!('code' in message)) messages.push(message);
    else if (batch) refused.push(rpcError(message));
    else return message;
    if ('method' in message && 'id' in message) requests.set(message.id, message.method);
  }
  return { messages, requests, refused, batch };
}

function messageIn(part: unknown, before: ReadonlyMap<RequestId, string>): JSONRPCMessage | RpcFault {
  const fault = messageFault(part);
  if (fault !== undefined) return fault;
  try {
    const message = parseJSONRPCMessage(part);
    if ('method' in message && 'id' in message && before.has(message.id))
      return invalid('two requests of a batch have this id', message.id);
    return message;
  } catch {
    return invalid('this is no JSON-RPC 2.0 message of MCP', echoableId(part));
  }
}

export const invalid = (why: string, id: RequestId | null = null): RpcFault => ({
  code: -32600,
  message: `Invalid Request: ${why}`,
  id,
});
