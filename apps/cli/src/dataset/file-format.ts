// Which format a file on this machine is in, or how to say it.
import { AppError, type DataFormat, formatOfFile } from '@labmesh/contracts';

/** @throws AppError invalid_input that says how to say it */
export function formatFor(name: string, head: Uint8Array): DataFormat {
  const format = formatOfFile(name, head);
  if (format !== undefined) return format;
  throw new AppError('invalid_input', `Cannot tell which format ${name} is in: say it with --format.`);
}
