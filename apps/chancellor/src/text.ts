// Text that the ledger keeps for ever, and shows to others. It checks; it never changes what a caller wrote.
import { AppError } from '@labmesh/contracts';

/** A control character would hide or forge what others read. Throws `invalid_input` that names the field and the character. */
export function refuseUnprintable(field: string, text: string | undefined): void {
  const found = text === undefined ? null : /\p{Cc}/u.exec(text);
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new AppError(
    'invalid_input',
    `Cannot keep ${field}: it has a control character (U+${code}) at place ${found.index + 1}; write it in plain text on one line.`,
  );
}

/** Text of several lines: PostgreSQL holds every character but NUL. Throws `invalid_input` that names the field. */
export function refuseUnstorable(field: string, text: string | undefined): void {
  if (text?.includes('\0')) throw new AppError('invalid_input', `Cannot keep ${field}: it has a NUL character in it.`);
}
