// One setting of the environment, and what docs/settings.md says of it. It reads nothing: a config.ts does.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

export interface AboutSetting {
  readonly description: string;
  /** What holds without it, as Markdown. */
  readonly without?: string;
}

/** An empty value counts as none, as compose files write it for a setting nobody made. */
export const setting = <T extends z.ZodType>(schema: T, about: AboutSetting) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema).meta({ ...about });

/** @throws AppError invalid_input naming each variable that is wrong, never its value */
export function readSettings<T extends z.ZodType>(settings: T, env: NodeJS.ProcessEnv): z.output<T> {
  const parsed = settings.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new AppError('invalid_input', `Cannot start with these settings: ${wrong}`);
}
