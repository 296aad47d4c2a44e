// What went wrong, in the one shape the page shows: a code, what could not be done, and what to do.
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Where the lab says in a result's `_meta` why a tool failed. */
const ERROR_META_KEY = 'labmesh/error';

/** Reads `{code, message, hint?}`, as the gateway puts it in bodies and in the `_meta` of results. */
export function readFailure(value: unknown): Failure | undefined {
  if (!isObject(value)) return undefined;
  const code = textOf(value.code);
  const message = textOf(value.message);
  if (!code || !message) return undefined;
  const hint = textOf(value.hint);
  return hint ? { code, message, hint } : { code, message };
}

export const SIGNED_OUT: Failure = {
  code: 'unauthenticated',
  message: 'The lab no longer accepts this sign-in: it ended, was revoked, or was never valid.',
  hint: 'Run “npx @labmesh/cli open” for a new link, or paste another token.',
};

const UNREACHABLE: Failure = {
  code: 'unreachable',
  message: 'The lab did not answer.',
  hint: 'See that it is running and that this computer is on its network, then try again.',
};

/** JSON bodies of HTTP errors: the SDK hands their text on in `data.text`. */
function readHttpBody(thrown: Record<string, unknown>): Failure | undefined {
  const text = isObject(thrown.data) ? textOf(thrown.data.text) : undefined;
  if (!text) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return readFailure(body) ?? (isObject(body) ? readFailure(body.error) : undefined);
  } catch {
    return undefined;
  }
}

/** Turns anything thrown by `fetch` or the MCP client into a Failure; never shows a stack. */
export function toFailure(thrown: unknown): Failure {
  if (!isObject(thrown)) return { code: 'internal', message: String(thrown) };
  const status = isObject(thrown.data) ? thrown.data.status : undefined;
  if (status === 401) return SIGNED_OUT;
  const body = readHttpBody(thrown);
  if (body) return body;
  if (thrown instanceof TypeError || causeIsTypeError(thrown)) return UNREACHABLE;
  if (thrown.code === 'REQUEST_TIMEOUT') {
    return { code: 'deadline_exceeded', message: 'No answer came within the time limit.', hint: 'Try again.' };
  }
  const message = textOf(thrown.message) ?? 'Something unexpected happened.';
  if (typeof status === 'number') return { code: `http_${status}`, message };
  return { code: thrown.code === undefined ? 'internal' : String(thrown.code), message };
}

const causeIsTypeError = (thrown: Record<string, unknown>): boolean =>
  thrown.cause instanceof TypeError || (isObject(thrown.data) && thrown.data.cause instanceof TypeError);

/** A tool's own error (`isError`): by its code when the lab made it, plain text otherwise. */
export function toolFailure(result: { content?: readonly unknown[]; _meta?: Record<string, unknown> }): Failure {
  const coded = readFailure(result._meta?.[ERROR_META_KEY]);
  if (coded) return coded;
  const texts = (result.content ?? []).map((item) => (isObject(item) ? textOf(item.text) : undefined));
  const message = texts.filter((text) => text !== undefined).join('\n');
  return { code: 'tool_error', message: message || 'The tool failed and did not say why.' };
}
