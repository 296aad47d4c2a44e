// What somebody wants to follow of the audit log, from the address and the headers of a request.
import type { IncomingMessage } from 'node:http';
import { AppError, AuditFollowing } from '@labmesh/contracts';
import { z } from 'zod';

const Asked = z.strictObject(AuditFollowing.shape);
const NAMES = Object.keys(AuditFollowing.shape).join(', ');

/**
 * `Last-Event-ID` goes before `after`: a browser that comes again repeats the address it had at first.
 * @throws AppError invalid_input saying which parameter is wrong and what there is
 */
export function followingOf({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): AuditFollowing {
  const query = url.indexOf('?');
  const parameters = new URLSearchParams(query === -1 ? '' : url.slice(query + 1));
  const names = [...parameters.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused(`"${twice.slice(0, 40)}" is given twice: give it once`);
  const last = headers['last-event-id'];
  const asked = {
    ...Object.fromEntries([...parameters].filter(([, value]) => value !== '')),
    ...(typeof last === 'string' && last !== '' ? { after: last } : {}),
  };
  const parsed = Asked.safeParse(asked);
  if (!parsed.success) throw refused(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  return parsed.data;
}

const refused = (why: string): AppError =>
  new AppError(
    'invalid_input',
    `Cannot follow the audit log: ${why}. The parameters are ${NAMES}; all may be left out.`,
  );
