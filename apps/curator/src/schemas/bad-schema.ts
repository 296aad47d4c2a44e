// The refusal of a schema that a user gave.
import { AppError } from '@labmesh/contracts';

export const badSchema = (why: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `Cannot use the schema: ${why}.`, { cause });
