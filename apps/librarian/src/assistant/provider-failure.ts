// What a provider's failure means for the person who asked. Never a key, an address or what was sent: errors of the library hold all
// three, so none of them goes any further than here.
import { APICallError } from '@ai-sdk/provider';
import { AppError } from '@labmesh/contracts';
import type { OpenModel } from './models.js';

export interface ProviderFailure {
  readonly error: AppError;
  /** The same may go well in a moment. */
  readonly again: boolean;
  readonly retryAfterMs: number | undefined;
}

const WORDS_MAX = 300;
const TOO_LONG = /context|too long|too many tokens|maximum.{0,40}tokens|token limit|prompt.{0,20}length/i;

export function failureOf(thrown: unknown, model: OpenModel): ProviderFailure {
  if (thrown instanceof AppError) return { error: thrown, again: false, retryAfterMs: undefined };
  if (APICallError.isInstance(thrown)) return ofCall(thrown, model);
  if (thrown instanceof TypeError)
    return broken(model, 'the connection to its provider was cut. Ask again', { again: true });
  const words = wordsOf(thrown, model);
  return broken(model, `its provider sent what is no answer${words === '' ? '' : ` (${words})`}. Ask again`, {
    again: false,
  });
}

interface Means {
  readonly again: boolean;
  readonly code?: AppError['code'];
  readonly retryAfterMs?: number | undefined;
}

function broken(
  { name }: OpenModel,
  why: string,
  { again, code = 'upstream_failed', retryAfterMs }: Means,
): ProviderFailure {
  const details = retryAfterMs === undefined ? {} : { details: { retryAfterMs } };
  return { error: new AppError(code, `Cannot let ${name} answer: ${why}.`, details), again, retryAfterMs };
}

function ofCall(failed: APICallError, model: OpenModel): ProviderFailure {
  const { statusCode: status } = failed;
  if (status === undefined)
    return broken(model, 'its provider does not answer. Ask again later; the operator sees more with test_model', {
      again: true,
    });
  if (status === 401 || status === 403)
    return broken(model, 'its provider refuses the lab’s key. The operator sets another one with set_model', {
      again: false,
    });
  if (status === 404)
    return broken(
      model,
      'its provider does not know such a model, or is not at that address. The operator looks at set_model',
      { again: false },
    );
  if (status === 429) return tooMany(failed, model);
  if (status === 413 || (status === 400 && TOO_LONG.test(failed.message)))
    return broken(
      model,
      'the conversation is longer than the model takes. Begin another one, or let the operator set contextTokens',
      { again: false, code: 'too_large' },
    );
  // It began well, and what came is no answer to its end.
  if (status < 300) return broken(model, 'the connection to its provider was cut. Ask again', { again: false });
  const again = status === 408 || status === 409 || status >= 500;
  const words = again ? '' : wordsOf(failed, model);
  return broken(model, `its provider answered ${status}${words === '' ? '' : `: ${words}`}`, {
    again,
    retryAfterMs: retryAfterOf(failed),
  });
}

function tooMany(failed: APICallError, model: OpenModel): ProviderFailure {
  if (/insufficient_quota|billing|credit/i.test(failed.responseBody ?? ''))
    return broken(model, 'the lab’s account at its provider is used up. The operator looks there', { again: false });
  const retryAfterMs = retryAfterOf(failed);
  const when = retryAfterMs === undefined ? 'in a minute' : `in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return broken(model, `its provider has too much to do. Ask again ${when}`, {
    again: true,
    code: 'rate_limited',
    retryAfterMs,
  });
}

/** Seconds or a date, as HTTP has it; or milliseconds, as OpenAI has it. */
function retryAfterOf({ responseHeaders = {} }: APICallError): number | undefined {
  const exact = Number(responseHeaders['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const said = responseHeaders['retry-after'];
  if (said === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(said.trim()) ? Number(said) * 1_000 : Date.parse(said) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** What the provider says, without what it must not say. */
function wordsOf(thrown: unknown, { key }: OpenModel): string {
  const said = typeof thrown === 'string' ? thrown : (thrown as { message?: unknown } | null)?.message;
  if (typeof said !== 'string') return '';
  const plain = (key === undefined ? said : said.replaceAll(key, '…'))
    .replace(/https?:\/\/\S+/g, '…')
    .replace(/\s+/g, ' ');
  return plain.trim().slice(0, WORDS_MAX).replace(/\.$/, '');
}
