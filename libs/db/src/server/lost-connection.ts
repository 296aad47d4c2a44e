// Tells a connection to the database that was lost from a mistake in a statement: the first mends itself, the second never.
import { AppError } from '@labmesh/contracts';

/** PostgreSQL's: class 08 is the connection itself; 57P01 to 57P03 a server that ends, crashed, or is not ready yet. */
const SQL_STATE = /^(08...|57P0[123])$/;
/** Prisma's: the server cannot be reached, or closed the connection. */
const PRISMA_CODES: ReadonlySet<unknown> = new Set(['P1001', 'P1017']);
/** What Prisma's adapter calls the same. */
const ADAPTER_KINDS: ReadonlySet<unknown> = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout']);
/** What the system says of a connection to the server that is refused or breaks off. */
const SYSTEM_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
/** The driver gives these no code. */
const DRIVER_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/**
 * AppError `unavailable` when `thrown` says that the connection was lost, or that there is none to be had; else undefined.
 * Whether a change that was under way was stored is not known then, and the message says so.
 */
export function lostConnection(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof AppError || !isLost(thrown)) return undefined;
  return new AppError(
    'unavailable',
    'Cannot finish: the connection to the database was lost. Make the call again in a moment; if it changes something, look first whether it was done, or repeat it with its idempotency key.',
    { cause: thrown },
  );
}

interface Told {
  readonly code?: unknown;
  readonly message: string;
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { kind?: unknown; originalCode?: unknown } } };
}

function isLost({ code, message, meta }: Told): boolean {
  const { kind, originalCode } = meta?.driverAdapterError?.cause ?? {};
  return (
    [code, originalCode].some((state) => typeof state === 'string' && SQL_STATE.test(state)) ||
    PRISMA_CODES.has(code) ||
    SYSTEM_CODES.has(code) ||
    ADAPTER_KINDS.has(kind) ||
    DRIVER_MESSAGE.test(message)
  );
}
