// One GET beside MCP, as it is answered: for bytes and for streams of events. Another status than the wanted one leaves here as an
// AppError, in the lab's own words where it was the lab.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { AppError, ERROR_CODES, type ErrorCodeName } from '@labmesh/contracts';
import { type Attempt, httpFailure, unreachable } from './failure.js';

export interface GetOptions extends Attempt {
  readonly token: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly wanted: number;
}

/** No byte for so long: the line is dead. */
const SILENT_MS = 60_000;

/** @throws AppError */
export async function get(address: URL, options: GetOptions): Promise<IncomingMessage> {
  const { token, headers = {}, wanted, signal } = options;
  const send = address.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    const req = send(address, { headers: { ...authorization, ...headers }, signal, timeout: SILENT_MS }, resolve);
    req
      .on('timeout', () => req.destroy(new Error('the lab is silent')))
      .on('error', reject)
      .end();
  }).catch((cause: unknown) => {
    throw unreachable(options, cause);
  });
  const { statusCode: status = 0 } = res;
  if (status !== wanted) throw await refusal(res, status, options);
  return res;
}

async function refusal(res: IncomingMessage, status: number, attempt: Attempt): Promise<AppError> {
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return (status === 401 ? undefined : saidBy(text)) ?? httpFailure({ status, text }, attempt);
}

/** The error that the lab wrote, where it was the lab. */
export function saidBy(text: string): AppError | undefined {
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) && typeof message === 'string'
      ? new AppError(code as ErrorCodeName, message)
      : undefined;
  } catch {
    return undefined;
  }
}
