// What went wrong with a resource or prompt, as a JSON-RPC error: tools have `isError` for that, these have not.

import { ERROR_CODES, type ErrorCodeName, failureOf, toAppError } from '@labmesh/contracts';
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';

/** Codes that say the request itself must change; the others are the lab's trouble of the moment. */
const isRequestFault = (code: ErrorCodeName): boolean => {
  const { http, retry } = ERROR_CODES[code];
  return http < 500 && !retry && code !== 'cancelled';
};

/** The protocol has one code for either side; `data` has the lab's own code, as a tool's error would. */
export function protocolFailure(thrown: unknown): ProtocolError {
  if (thrown instanceof ProtocolError) return thrown;
  const failure = failureOf(toAppError(thrown).toShape());
  const fault = isRequestFault(failure.code) ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(fault, failure.message, failure);
}

/** As `protocolFailure`; what does not exist, or is not the caller's to see, is the protocol's "resource not found". */
export function readFailure(uri: string, thrown: unknown): ProtocolError {
  const failure = toAppError(thrown);
  return failure.code === 'not_found' ? new ResourceNotFoundError(uri, failure.message) : protocolFailure(thrown);
}
