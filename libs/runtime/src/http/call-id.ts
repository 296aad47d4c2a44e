// The id of what a request asks for, made when it is first needed: in its calls, records and log lines it is the same one.
import type { ServerResponse } from 'node:http';
import { newId } from '../ids.js';

const CALL_ID = Symbol('call id');

/** UUIDv7; the same for a response each time it is asked. */
export function callIdOf(res: ServerResponse): string {
  const marked = res as ServerResponse & { [CALL_ID]?: string };
  marked[CALL_ID] ??= newId();
  return marked[CALL_ID];
}
