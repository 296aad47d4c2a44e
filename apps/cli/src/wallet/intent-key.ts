// The key of what somebody means to do: made once, told before the call, so that a second try moves nothing twice.
import { type Command, InvalidArgumentError } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import type { Work } from '../session.js';

/** Characters that the lab takes. */
export const KEY = { least: 8, most: 100 };

export const KEY_HELP =
  'When it is not clear whether it went through, try again with the key that was printed: it happens once.';

export function keyOf(text: string): string {
  if (text.length >= KEY.least && text.length <= KEY.most) return text;
  throw new InvalidArgumentError(`A key has ${KEY.least} to ${KEY.most} characters.`);
}

/** The key that was given, or a new one, which is told at once: it is needed exactly when the answer is lost. */
export function intentKey({ output, host }: Work, given: string | undefined): string {
  if (given !== undefined) return given;
  const key = uuidv7();
  // As JSON it must not be mixed up with an error.
  host.stderr.write(output.json ? `${JSON.stringify({ idempotencyKey: key })}\n` : `Key ${key}\n`);
  return key;
}

export interface IntentOptions {
  readonly key?: string;
  readonly yes?: boolean;
}

/** What every command takes that does something once. */
export const intentOptions = (command: Command): Command =>
  command
    .option('--key <key>', 'idempotency key: with the same key it happens once, however often you try', keyOf)
    .option('--yes', 'do not ask');
