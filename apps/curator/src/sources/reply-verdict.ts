// What a reply means: data, or what went wrong and what to do. The manifest's table first, then what HTTP says by itself.
import type { HttpReply } from './exchange.js';
import type { ErrorRule, HttpManifest } from './manifest.js';

export interface Problem {
  readonly action: ErrorRule['action'];
  /** What went wrong and what to do, in one or two sentences, without any key. */
  readonly message: string;
}

const BODY_READ_MAX = 65_536;
const WORDS_SHOWN_MAX = 200;

/** Undefined for a reply with data. */
export function problemOf(reply: HttpReply, manifest: HttpManifest): Problem | undefined {
  const body = reply.bytes.subarray(0, BODY_READ_MAX).toString('utf8');
  for (const rule of manifest.errors) {
    const words = fit(rule, reply, body);
    if (words !== undefined)
      return { action: rule.action, message: `${rule.means}${words === '' ? '' : ` ("${words}")`}. ${rule.do}` };
  }
  const { status } = reply;
  if ((status >= 200 && status < 300) || status === 304) return undefined;
  const own = `It answered with status ${status}`;
  if (status === 429) return { action: 'wait', message: `${own}: too many requests.` };
  if (status === 410)
    return {
      action: 'gone',
      message: `${own}: it says that it is gone for good. Remove it, or look for what took its place.`,
    };
  if (status >= 500 || status === 408) return { action: 'retry', message: `${own}. Try again later.` };
  return {
    action: 'fail',
    message: `${own}. Look whether the parameters are right, and whether the source has changed.`,
  };
}

/** The provider's own words, when the rule fits. */
function fit({ status, contentType, body: pattern }: ErrorRule, reply: HttpReply, body: string): string | undefined {
  if (status !== undefined && ![status].flat().includes(reply.status)) return undefined;
  if (status === undefined && pattern === undefined && reply.status < 400) return undefined;
  if (contentType !== undefined && !(reply.headers['content-type'] ?? '').startsWith(contentType)) return undefined;
  if (pattern === undefined) return '';
  const found = new RegExp(pattern, 'u').exec(body);
  return found === null ? undefined : (found[1] ?? '').trim().slice(0, WORDS_SHOWN_MAX);
}

/** Milliseconds to wait as the reply's Retry-After says (RFC 9110): seconds or a date. */
export function retryAfterMs(reply: HttpReply, now: number): number | undefined {
  const text = reply.headers['retry-after'];
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
