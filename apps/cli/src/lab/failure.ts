// Turns what goes wrong on the way to a lab into an AppError that says what to do. It knows HTTP and JSON-RPC, and no client's errors.
import { AppError, type ErrorCodeName, toAppError } from '@labmesh/contracts';

export interface Attempt {
  readonly url: string;
  /** Where the token came from; undefined when there was none to send. */
  readonly tokenSource: string | undefined;
  readonly signal: AbortSignal;
  /** The folder of the lab that is meant, where none has said that it runs. */
  readonly silentHome?: string | undefined;
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

/** An answer that is no message of the protocol. */
export interface HttpAnswer {
  readonly status: number;
  readonly text?: unknown;
}

export function httpFailure(
  { status, text }: HttpAnswer,
  { url, tokenSource, signal }: Attempt,
  cause?: unknown,
): AppError {
  if (signal.aborted) return cancelled(cause);
  const failure = (code: ErrorCodeName, message: string) => new AppError(code, message, { cause });
  switch (status) {
    case 401:
      return tokenSource === undefined
        ? failure(
            'unauthenticated',
            `No token for the lab at ${url}: sign in with npx @labmesh/cli login, or set LABMESH_TOKEN. On the lab’s own machine run this in the lab’s folder, where its .labmesh/operator.token is found.`,
          )
        : failure(
            'unauthenticated',
            `The lab at ${url} does not accept the token from ${tokenSource}. ${reasonIn(text) ?? 'It may have ended, or belong to another lab.'}`,
          );
    case 403:
      return failure('forbidden', `The lab at ${url} refuses this address or token (HTTP 403).`);
    case 413:
      return failure('too_large', 'The lab does not take a message of this size.');
    case 429:
      return failure('rate_limited', 'Too many calls. Wait a moment.');
    default:
      return status >= 500
        ? failure('unavailable', `The lab at ${url} cannot answer right now (HTTP ${status}).`)
        : failure('unavailable', `What answers at ${url} is not a lab (HTTP ${status}): see LABMESH_URL.`);
  }
}

/** What the lab itself says, where it was a lab. */
function reasonIn(text: unknown): string | undefined {
  try {
    const { code, message } = JSON.parse(String(text)) as { code?: unknown; message?: unknown };
    return code === 'unauthenticated' && typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

const INVALID_PARAMS = -32602;

export function protocolFailure(code: number, message: string, cause?: unknown): AppError {
  return new AppError(
    code === INVALID_PARAMS ? 'invalid_input' : 'internal',
    `The lab refused the request: ${message}`,
    {
      cause,
    },
  );
}

const cancelled = (cause: unknown): AppError => new AppError('cancelled', 'Cancelled.', { cause });

export const lateFailure = ({ url, signal }: Attempt, cause: unknown): AppError =>
  signal.aborted
    ? cancelled(cause)
    : new AppError('deadline_exceeded', `The lab at ${url} did not answer in time.`, { cause });

export const unreachable = ({ url, signal, silentHome }: Attempt, cause: unknown): AppError =>
  signal.aborted
    ? cancelled(cause)
    : new AppError(
        'unavailable',
        silentHome === undefined
          ? `No lab answers at ${url}: start it with "npm start" in the folder of LabMesh, or set LABMESH_URL.`
          : `No lab runs on ${silentHome}, and none answers at ${url}: start it, or say where it answers: --url or LABMESH_URL.`,
        { cause },
      );
