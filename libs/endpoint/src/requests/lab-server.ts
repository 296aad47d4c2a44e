// The SDK's server, but for what it says of failures: parameters of the wrong form are the request's fault, in words that can be
// read, and nobody is told the text of a bug.
import {
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { protocolFailure } from './operation-failure.js';

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

export class LabServer extends Server {
  /** The SDK's hook around each handler, its own ones too. */
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, async (request, context) => {
      let answer: Promise<Result>;
      try {
        answer = handler(request, context);
      } catch (error) {
        throw isMisfit(error) ? invalidParams(method, error.message) : error;
      }
      return answer;
    });
    return (request, context) =>
      wrapped(request, context).catch((error: unknown) => {
        throw readable(method, protocolFailure(error));
      });
  }
}

/** Before a handler is called, the SDK throws a bare Error for parameters that do not fit; handlers throw none. */
const isMisfit = (error: unknown): error is Error => error instanceof Error && error.constructor === Error;

const invalidParams = (method: string, why: string): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid params for ${method}: ${why}`);

const Issues = z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })).min(1);
const ISSUES_SHOWN_MAX = 5;

/** The SDK gives what does not fit as JSON. */
function readable(method: string, failure: ProtocolError): ProtocolError {
  const found =
    failure.code === ProtocolErrorCode.InvalidParams ? /^Invalid [^:]+: (\[\s*\{.*\])$/s.exec(failure.message) : null;
  const { data: issues } = Issues.safeParse(found === null ? undefined : parsed(found[1] ?? ''));
  if (issues === undefined) return failure;
  const shown = issues.slice(0, ISSUES_SHOWN_MAX).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return invalidParams(method, shown.join('; '));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
