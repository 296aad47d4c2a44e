// What a request asks of a live stream, by the address's parameters and the header of a client that comes again.
import type { IncomingMessage } from 'node:http';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

interface Question<S extends z.ZodObject> {
  readonly schema: S;
  /** The parameter that says where to go on. */
  readonly cursor: keyof S['shape'] & string;
  /** What is asked for, behind "Cannot". */
  readonly what: string;
}

/**
 * `Last-Event-ID` goes before the cursor: a browser that comes again repeats the address it had at first.
 * @throws AppError invalid_input saying which parameter is wrong and what there is
 */
export function askedOf<S extends z.ZodObject>(
  { url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  { schema, cursor, what }: Question<S>,
): z.output<S> {
  const refused = (why: string): AppError => {
    const names = Object.keys(schema.shape).join(', ');
    return new AppError('invalid_input', `Cannot ${what}: ${why}. The parameters are ${names}; all may be left out.`);
  };
  const query = url.indexOf('?');
  const parameters = new URLSearchParams(query === -1 ? '' : url.slice(query + 1));
  const names = [...parameters.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused(`"${twice.slice(0, 40)}" is given twice: give it once`);
  const last = headers['last-event-id'];
  const parsed = schema.safeParse({
    ...Object.fromEntries([...parameters].filter(([, value]) => value !== '')),
    ...(typeof last === 'string' && last !== '' ? { [cursor]: last } : {}),
  });
  if (!parsed.success) throw refused(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  return parsed.data;
}
