// What of an exchange is compared: status, headers and bytes. Leaves out only what HTTP itself makes per connection.
import { rewritten } from './rewrites.js';
import type { Got } from './wire.js';

const PER_CONNECTION = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

export function entryOf({ status, headers, text, end }: Got): string {
  const shown = Object.entries(headers)
    .filter(([name]) => !PER_CONNECTION.has(name))
    .map(([name, value]) => `${name}: ${String(value)}`)
    .sort();
  return rewritten([`${status} (${end})`, ...shown, '', text].join('\n'));
}

/** The first place where two transcripts part, for a person to read; undefined when there is none. */
export function firstDifference(own: string, gateway: string): string | undefined {
  if (own === gateway) return undefined;
  let at = 0;
  while (own[at] === gateway[at]) at++;
  const line = own.slice(0, at).split('\n').length;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 120), at + 200));
  return `at character ${at}, line ${line}:\n      own:     ${around(own)}\n      gateway: ${around(gateway)}`;
}
