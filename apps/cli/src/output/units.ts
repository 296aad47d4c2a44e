// Figures as people read them.
const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** 1536 -> "1.5 KiB". */
export function bytesText(bytes: number): string {
  const step = Math.min(STEPS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1_024 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${STEPS[step]}`;
}

/** "1 row", "2 rows". */
export const countText = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** 0.4213 -> "42 %". */
export const ratioText = (ratio: number): string => `${Math.round(ratio * 100)} %`;

/** How long something has been: "12 s", "5 min", "3 h", "2 d"; "-" when that is not known. */
export function sinceText(startedAt: string | null, now: number): string {
  if (startedAt === null) return '-';
  const seconds = Math.max(0, Math.floor((now - Date.parse(startedAt)) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export const millisecondsText = (ms: number | null): string =>
  ms === null ? '-' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
