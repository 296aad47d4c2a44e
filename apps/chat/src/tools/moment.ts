// A moment as people type it, and as the lab takes it: ISO 8601 in UTC. A date is its first moment; a time without a zone is UTC.
const TYPED = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:\d{2})?)?$/i;

/** To the digit: seconds keep their fraction, and another zone's time becomes UTC's. Undefined for what is none. */
export function momentOf(typed: string): string | undefined {
  const [, date, minutes = '00:00', seconds = '00', zone = 'Z'] = TYPED.exec(typed.trim()) ?? [];
  if (date === undefined) return undefined;
  const [whole = '00', fraction] = seconds.split('.');
  const local = new Date(`${date}T${minutes}:${whole}Z`);
  // The 30th of February would be a day of March.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${date}T${minutes}:${whole}`)) return undefined;
  const at = zone.toUpperCase() === 'Z' ? local : new Date(`${date}T${minutes}:${whole}${zone}`);
  if (Number.isNaN(at.getTime())) return undefined;
  return `${at.toISOString().slice(0, 19)}${fraction === undefined ? '' : `.${fraction}`}Z`;
}
