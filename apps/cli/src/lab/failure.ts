// Turns what the MCP client throws into an AppError that says what to do. The only place that knows the client's errors.
import { AppError, type ErrorCodeName, toAppError } from '@labmesh/contracts';
import { ProtocolError, ProtocolErrorCode, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';

export interface Attempt {
  readonly url: string;
  /** Where the token came from; undefined when there was none to send. */
  readonly tokenSource: string | undefined;
  readonly signal: AbortSignal;
}

export function failureOf(thrown: unknown, attempt: Attempt): AppError {
  if (thrown instanceof AppError) return thrown;
  if (attempt.signal.aborted) return new AppError('cancelled', 'Cancelled.', { cause: thrown });
  if (thrown instanceof SdkHttpError) return httpFailure(thrown, attempt);
  if (thrown instanceof ProtocolError) return protocolFailure(thrown);
  if (thrown instanceof SdkError) return clientFailure(thrown, attempt);
  if (isNetworkFailure(thrown)) return unreachable(attempt, thrown);
  return new AppError('internal', `Unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    cause: thrown,
  });
}

/** The failure that a tool's own error result stands for. */
export function toolFailure(content: unknown): AppError {
  const failure = toAppError(content);
  return failure.code === 'internal' && !isCoded(content)
    ? new AppError('internal', 'The lab answered with an error of a kind this command does not know.', {
        details: content,
      })
    : failure;
}

const isCoded = (content: unknown): boolean => (content as { code?: unknown } | null)?.code === 'internal';

function httpFailure(thrown: SdkHttpError, { url, tokenSource }: Attempt): AppError {
  const failure = (code: ErrorCodeName, message: string) => new AppError(code, message, { cause: thrown });
  switch (thrown.status) {
    case 401:
      return tokenSource === undefined
        ? failure(
            'unauthenticated',
            `No token for the lab at ${url}: set LABMESH_TOKEN. On the lab’s own machine run this in the lab’s folder, where its .labmesh/operator.token is found.`,
          )
        : failure(
            'unauthenticated',
            `The lab at ${url} does not accept the token from ${tokenSource}: it may have ended, or belong to another lab.`,
          );
    case 403:
      return failure('forbidden', `The lab at ${url} refuses this address or token (HTTP 403).`);
    case 413:
      return failure('too_large', 'The lab does not take a message of this size.');
    case 429:
      return failure('rate_limited', 'Too many calls. Wait a moment.');
    default:
      return thrown.status >= 500
        ? failure('unavailable', `The lab at ${url} cannot answer right now (HTTP ${thrown.status}).`)
        : failure('unavailable', `What answers at ${url} is not a lab (HTTP ${thrown.status}): see LABMESH_URL.`);
  }
}

function protocolFailure(thrown: ProtocolError): AppError {
  const code = thrown.code === ProtocolErrorCode.InvalidParams ? 'invalid_input' : 'internal';
  return new AppError(code, `The lab refused the request: ${thrown.message}`, { cause: thrown });
}

function clientFailure(thrown: SdkError, attempt: Attempt): AppError {
  switch (thrown.code) {
    case SdkErrorCode.RequestTimeout:
      return new AppError('deadline_exceeded', `The lab at ${attempt.url} did not answer in time.`, { cause: thrown });
    case SdkErrorCode.EraNegotiationFailed:
    case SdkErrorCode.ConnectionClosed:
    case SdkErrorCode.SendFailed:
      return unreachable(attempt, thrown);
    default:
      return new AppError('internal', `The lab’s answer could not be read: ${thrown.message}`, { cause: thrown });
  }
}

/** `fetch` says only "fetch failed"; a TypeError is its sign. */
const isNetworkFailure = (thrown: unknown): boolean =>
  thrown instanceof TypeError || (thrown as NodeJS.ErrnoException)?.code === 'ECONNREFUSED';

const unreachable = ({ url }: Attempt, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `No lab answers at ${url}: start it with "npm start" in the folder of LabMesh, or set LABMESH_URL.`,
    { cause },
  );
