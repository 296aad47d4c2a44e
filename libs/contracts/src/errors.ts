// The one table of error codes. Edges look up what a code means for them; they never decide it.
import type { Receipt } from './receipt.js';

export type Outcome = 'ok' | ErrorCodeName;

export interface ErrorCode {
  readonly http: number;
  /** True when the same request may succeed later without a change. */
  readonly retry: boolean;
  /** Process exit code of the `labmesh` command. */
  readonly exit: number;
  readonly meaning: string;
}

export const ERROR_CODES = {
  invalid_input: { http: 400, retry: false, exit: 2, meaning: 'The input does not fit the tool’s schema or rules.' },
  unauthenticated: { http: 401, retry: false, exit: 3, meaning: 'No valid token came with the request.' },
  forbidden: { http: 403, retry: false, exit: 4, meaning: 'The caller may not do this.' },
  not_found: {
    http: 404,
    retry: false,
    exit: 5,
    meaning: 'What was named does not exist, or is not the caller’s to see.',
  },
  conflict: { http: 409, retry: false, exit: 6, meaning: 'It contradicts what is already there.' },
  not_proved: {
    http: 409,
    retry: false,
    exit: 8,
    meaning: 'Nothing contradicts it, and nothing that was signed and kept proves it.',
  },
  insufficient_funds: { http: 409, retry: false, exit: 6, meaning: 'The wallet holds less than the amount.' },
  too_large: { http: 413, retry: false, exit: 2, meaning: 'More data than the limit allows.' },
  quota_exceeded: {
    http: 413,
    retry: false,
    exit: 2,
    meaning: 'The wallet has as many bytes stored as its role may have.',
  },
  unsupported_format: {
    http: 415,
    retry: false,
    exit: 2,
    meaning: 'The data cannot be read or written in that format.',
  },
  input_required: {
    http: 428,
    retry: false,
    exit: 2,
    meaning: 'The tool asks something first: a client that can ask its user sends the answer along.',
  },
  rate_limited: { http: 429, retry: true, exit: 7, meaning: 'Too many calls; the message says when to come back.' },
  cancelled: { http: 499, retry: false, exit: 130, meaning: 'The caller went away before the answer.' },
  internal: { http: 500, retry: false, exit: 70, meaning: 'A fault of the lab; the log has the cause.' },
  upstream_failed: { http: 502, retry: true, exit: 7, meaning: 'A source outside the lab did not answer properly.' },
  unavailable: { http: 503, retry: true, exit: 7, meaning: 'The agent or what it needs does not answer right now.' },
  deadline_exceeded: { http: 504, retry: true, exit: 7, meaning: 'No answer within the time limit.' },
} as const satisfies Record<string, ErrorCode>;

export type ErrorCodeName = keyof typeof ERROR_CODES;

/** Codes that any tool may answer with, so contracts do not list them. */
export const COMMON_ERRORS = [
  'invalid_input',
  'forbidden',
  'rate_limited',
  'cancelled',
  'internal',
  'unavailable',
  'deadline_exceeded',
] as const satisfies readonly ErrorCodeName[];

/** What crosses an edge: never a stack, never a cause. */
export interface ErrorShape {
  readonly code: ErrorCodeName;
  readonly message: string;
  readonly details?: unknown;
  /** Of the call that failed, where its record is in the audit log. */
  readonly receipt?: Receipt;
}

/**
 * An expected failure. The message says what could not be done, why, and what to do.
 * Anything thrown that is not an AppError is a bug and leaves the process as `internal`.
 */
export class AppError extends Error {
  readonly details: unknown;
  readonly receipt: Receipt | undefined;

  constructor(
    readonly code: ErrorCodeName,
    message: string,
    options: { cause?: unknown; details?: unknown; receipt?: Receipt | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.details = options.details;
    this.receipt = options.receipt;
  }

  toShape(): ErrorShape {
    const { code, message, details, receipt } = this;
    return {
      code,
      message,
      ...(details === undefined ? {} : { details }),
      ...(receipt === undefined ? {} : { receipt }),
    };
  }
}

/** A failure as clients read it: with what to do about its code. */
export interface Failure extends Omit<ErrorShape, 'receipt'> {
  readonly hint: string;
}

/** Where a result with `isError` carries its `Failure` in `_meta`. Never `structuredContent`: clients hold that to the tool's output schema. */
export const ERROR_META_KEY = 'labmesh/error';

export function failureOf({ receipt: _beside, ...shape }: ErrorShape): Failure {
  const { retry, meaning } = ERROR_CODES[shape.code];
  return { ...shape, hint: retry ? 'The same call may succeed later.' : meaning };
}

const INTERNAL: ErrorShape = {
  code: 'internal',
  message: 'Internal error: the lab’s log has the cause, under this call’s id.',
};

const isShape = (value: unknown): value is ErrorShape =>
  typeof value === 'object' &&
  value !== null &&
  Object.hasOwn(ERROR_CODES, String((value as { code?: unknown }).code)) &&
  typeof (value as { message?: unknown }).message === 'string';

/** The public face of anything thrown: an AppError (also one that crossed the bus) as it is, the rest `internal`. */
export function errorShape(thrown: unknown): ErrorShape {
  if (thrown instanceof AppError) return thrown.toShape();
  if (isShape(thrown) && !(thrown instanceof Error)) return thrown;
  return INTERNAL;
}

/** Turns what came over an edge back into an AppError. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const shape = errorShape(thrown);
  return new AppError(shape.code, shape.message, { cause: thrown, details: shape.details, receipt: shape.receipt });
}
