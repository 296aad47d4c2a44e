// A failure as people read it and as programs do. Never a stack, never a cause.
import { type AppError, failureOf } from '@labmesh/contracts';

export const failureText = ({ message }: AppError): string => `labmesh: ${printable(message)}\n`;

/** One line of JSON: `{code, message, hint, details?}`. */
export const failureLine = (failure: AppError): string => `${JSON.stringify(failureOf(failure.toShape()))}\n`;

/** Text from elsewhere must not steer the terminal: control characters are shown as a question mark. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (char) =>
    char === '\n' || char === '\t' ? char : '?',
  );
}
