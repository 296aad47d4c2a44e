// What travels beside a call on the bus: one writer and one reader, so that no header is named twice.
// Whoever reads never trusts what it finds: that is the guard's work.
import { type Answers, AnswersShape, AppError, type Receipt } from '@labmesh/contracts';
import type { MsgHdrs } from '@nats-io/transport-node';
import { type BaseRpcContext, NatsContext } from '@nestjs/microservices';
import type { BusHeaders } from './bus.js';
import { InProcessContext } from './in-process/in-process-context.js';

const NAMES = {
  callId: 'call-id',
  deadline: 'deadline',
  pass: 'pass',
  receipt: 'receipt',
  answers: 'answers',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

/** W3C Trace Context, as it travels; nothing travels without a `traceparent`. */
export interface CarriedTrace {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

export interface OutgoingCall {
  /** UUIDv7, the same from the endpoint to the last agent of the chain. */
  readonly callId: string;
  /** Unix milliseconds. */
  readonly deadline: number;
  readonly pass: string;
  /** What the client answered to an earlier run's questions. */
  readonly answers?: Answers | undefined;
  /** The answer is wanted with the receipt of its record: `Receipted`. */
  readonly wantsReceipt?: boolean;
  readonly trace?: CarriedTrace | undefined;
}

/** A call's headers as they came; undefined is what did not come. */
export interface CallHeaders extends CarriedTrace {
  readonly callId: string | undefined;
  /** Unix milliseconds; undefined also when it is no time. */
  readonly deadline: number | undefined;
  readonly pass: string | undefined;
  readonly wantsReceipt: boolean;
  /** Encoded, since most calls have none: `decodeAnswers` reads them. */
  readonly answers: string | undefined;
}

export function callHeaders(call: OutgoingCall): Record<string, string> {
  const headers: Record<string, string> = {
    [NAMES.callId]: call.callId,
    [NAMES.deadline]: String(call.deadline),
    [NAMES.pass]: call.pass,
  };
  if (call.wantsReceipt === true) headers[NAMES.receipt] = '1';
  if (call.answers !== undefined) headers[NAMES.answers] = encodeAnswers(call.answers);
  return call.trace === undefined ? headers : withTrace(headers, call.trace);
}

export function readCallHeaders(headers: BusHeaders): CallHeaders {
  const deadline = Number(headers[NAMES.deadline]);
  return {
    callId: headers[NAMES.callId],
    deadline: Number.isFinite(deadline) && deadline > 0 ? deadline : undefined,
    pass: headers[NAMES.pass],
    wantsReceipt: headers[NAMES.receipt] !== undefined,
    answers: headers[NAMES.answers],
    traceparent: headers[NAMES.traceparent],
    tracestate: headers[NAMES.tracestate],
  };
}

/** An answer with the receipt of its record; without one only while no log is known. */
export interface Receipted {
  readonly output: unknown;
  readonly receipt?: Receipt | undefined;
}

/** What travels back to a call with these headers: the receipt only where it is wanted. */
export const toAnswer = ({ wantsReceipt }: Pick<CallHeaders, 'wantsReceipt'>, answered: Receipted): unknown =>
  wantsReceipt ? answered : answered.output;

/** What `toAnswer` made, for who sent the call. */
export const fromAnswer = ({ wantsReceipt }: Pick<CallHeaders, 'wantsReceipt'>, answer: unknown): Receipted =>
  wantsReceipt ? (answer as Receipted) : { output: answer };

/** The id alone, for who passes calls on without looking into them. */
export const callIdIn = (headers: BusHeaders): string | undefined => headers[NAMES.callId];

/** The headers, with the trace in the place of any other. */
export function withTrace(headers: BusHeaders, { traceparent, tracestate }: CarriedTrace): Record<string, string> {
  if (traceparent === undefined) return { ...headers };
  const traced = { ...headers, [NAMES.traceparent]: traceparent };
  return tracestate === undefined ? traced : { ...traced, [NAMES.tracestate]: tracestate };
}

/** Base64url, since headers are plain ASCII. */
const encodeAnswers = (answers: Answers): string => Buffer.from(JSON.stringify(answers)).toString('base64url');

/** @throws AppError invalid_input for what `callHeaders` did not write */
export function decodeAnswers(encoded: string | undefined): Answers | undefined {
  if (encoded === undefined) return undefined;
  try {
    return AnswersShape.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString()));
  } catch {
    throw new AppError('invalid_input', `Cannot read the header "${NAMES.answers}": it is not what an endpoint sends.`);
  }
}

const NONE: BusHeaders = Object.freeze({});

/** The headers a request or event came with; a header that came more than once counts with its first value. */
export function headersOf(context: BaseRpcContext): BusHeaders {
  if (context instanceof InProcessContext) return context.getHeaders();
  if (!(context instanceof NatsContext)) return NONE;
  const headers = context.getHeaders() as MsgHdrs | undefined;
  if (headers === undefined) return NONE;
  const plain: Record<string, string> = {};
  for (const [name, values] of headers) plain[name] = values[0] ?? '';
  return plain;
}
