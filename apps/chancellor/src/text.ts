// Text that the database can keep. It checks; it never changes what a caller wrote.
import { AppError } from '@labmesh/contracts';

/** PostgreSQL text holds every character but NUL. Throws `invalid_input` that names the field. */
export function refuseUnstorable(field: string, text: string | undefined): void {
  if (text?.includes('\0')) throw new AppError('invalid_input', `Cannot keep ${field}: it has a NUL character in it.`);
}
