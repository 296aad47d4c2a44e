// How much one event of a stream may hold, in both eras. What holds more is never sent: its place is taken by what says so.
import { AppError } from '@labmesh/contracts';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { failedAnswer, wholeResult } from '../calls/tool-result.js';
import { protocolFailure } from '../requests/operation-failure.js';
import { isObject } from './json-rpc.js';

/** Most bytes of an event's message. Clients give up on events of more than 1 MiB, the lines around it included. */
export const EVENT_BYTES_MAX = 1_000_000;

export const fitsEvent = (text: string): boolean =>
  text.length * 3 <= EVENT_BYTES_MAX || Buffer.byteLength(text) <= EVENT_BYTES_MAX;

const LEFT_OUT = `Left out: it is larger than one event of a stream may be (${EVENT_BYTES_MAX} bytes)`;

export const answerTooLarge = (): AppError =>
  new AppError(
    'too_large',
    `Cannot send the result: it was carried out, but what it gives is larger than one event of a stream may be (${EVENT_BYTES_MAX} bytes). Ask for less at once, or without progress: what streams nothing is answered whole`,
  );

/**
 * The message, or what stands for it where it does not fit.
 * @param asked the method of the request that an answer is for
 * @throws AppError too_large for a question to the client, which nothing can stand for
 */
export function fitting(message: JSONRPCMessage, asked?: string): JSONRPCMessage {
  if (fitsEvent(JSON.stringify(message))) return message;
  if (!('method' in message)) return { ...tooLargeFor(asked), jsonrpc: '2.0', id: message.id } as JSONRPCMessage;
  if ('id' in message) throw new AppError('too_large', `Cannot ask the client: ${LEFT_OUT.toLowerCase()}`);
  const params = isObject(message.params) ? message.params : {};
  const said = message.method === 'notifications/message' ? { data: LEFT_OUT } : { message: LEFT_OUT };
  return { ...message, params: { ...params, ...said } };
}

/** The same as text: what fits, as nearly everything does, is written once. */
export function fittingText(message: JSONRPCMessage): string {
  const text = JSON.stringify(message);
  return fitsEvent(text) ? text : JSON.stringify(fitting(message));
}

function tooLargeFor(asked: string | undefined): object {
  if (asked === 'tools/call') return { result: wholeResult(failedAnswer(answerTooLarge())) };
  const { code, message, data } = protocolFailure(answerTooLarge());
  return { error: { code, message, data } };
}
