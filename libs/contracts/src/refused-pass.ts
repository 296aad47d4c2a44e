// How an agent says that it does not accept the pass of a call: nothing was done yet, so the call may come again with another.
import { AppError } from './errors.js';

const DETAILS = { refused: 'pass' } as const;

/** @param why unauthenticated, as the check of the pass says it */
export const refusedPass = (why: AppError): AppError =>
  new AppError(why.code, why.message, { cause: why, details: DETAILS });

export const isRefusedPass = (thrown: unknown): boolean =>
  thrown instanceof AppError &&
  thrown.code === 'unauthenticated' &&
  (thrown.details as { refused?: unknown } | undefined)?.refused === DETAILS.refused;
