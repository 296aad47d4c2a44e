// Lengths of time as people type them.
import { AppError } from '@labmesh/contracts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** "90", "90s", "15m", "12h" or "30d" in seconds. @throws AppError invalid_input */
export function secondsOf(text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (digits === undefined)
    throw new AppError('invalid_input', `Cannot read "${text}" as a time: give seconds, or 15m, 12h, 30d`);
  return Number(digits) * (SECONDS[unit] ?? 1);
}
