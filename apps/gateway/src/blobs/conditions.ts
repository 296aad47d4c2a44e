// What a request knows already of what it asks for (RFC 9110, section 13), by the one validator that content has: its hash.
import type { IncomingHttpHeaders } from 'node:http';

export type Condition = 'go_on' | 'not_modified' | 'failed';

/** @param etag strong, with its quotes */
export function conditionOf(headers: IncomingHttpHeaders, etag: string): Condition {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && !tagsIn(match).some((tag) => tag === '*' || tag === etag)) return 'failed';
  const known = (tag: string): boolean => tag === '*' || tag.replace(/^W\//, '') === etag;
  return noneMatch !== undefined && tagsIn(noneMatch).some(known) ? 'not_modified' : 'go_on';
}

/** Whether a range is of what the client has the rest of. A date is no validator here: content has none. */
export const rangeHolds = ({ 'if-range': validator }: IncomingHttpHeaders, etag: string): boolean =>
  validator === undefined || String(validator).trim() === etag;

const tagsIn = (list: string): string[] => list.match(/\*|(?:W\/)?"[^"]*"/g) ?? [];
