// GET /jobs/<id>/logs: what a job writes as server-sent events, for whoever may call stream_logs and read that job. The place of an
// event is a cursor of the log, so a client that comes again with Last-Event-ID has every byte once.
import { type LogEnd, type LogPage, mechanic } from '@labmesh/contracts';
import type { LiveKind } from '../live/live-events.js';
import { type WantedLogs, wantedLogs } from './logs-wanted.js';

const TOOL = { agent: mechanic.name, tool: 'stream_logs', spec: mechanic.tools.stream_logs };
/** Of one question that does not follow. */
const BYTES_AT_ONCE = 256 * 1024;

export const jobLogs: LiveKind<WantedLogs, LogPage> = {
  tool: TOOL,
  question: {
    tool: TOOL,
    input: (asked) => ({ ...asked, maxBytes: BYTES_AT_ONCE }),
    behind: ({ tailLines: _lines, since: _time, ...asked }, { cursor }) => ({ ...asked, cursor }),
    pageOf: (answer) => (answer as LogEnd | undefined)?.pieces && (answer as LogEnd),
    isOver: (answer, { follow }) => {
      const { ended = false, pieces = [] } = (answer ?? {}) as Partial<LogEnd>;
      return ended || (!follow && answer !== undefined && pieces.length === 0);
    },
    silent: 'The Mechanic does not answer. The log goes on as soon as it does; nothing is missed.',
  },
  asked: wantedLogs,
  write: (writer, { pieces, cursor }) => {
    if (pieces.length > 0) return writer.event('log', cursor, { pieces });
    writer.reached(cursor);
    return true;
  },
  complete: (writer, answer) => {
    const { state, cursor } = answer as LogEnd;
    writer.event('complete', cursor, { state, cursor });
  },
  hint: 'Read the log of a job with GET',
  again: 'This gateway stops. Come again with Last-Event-ID: nothing is missed.',
};
