// The records of the audit log as they come.
import type { Failure } from '../../failure.js';
import { followStream } from '../../live/event-stream.js';
import type { LabFetch } from '../../session/lab-fetch.js';
import type { AuditRecord } from './record.js';

export interface FeedHandlers {
  readonly onRecords: (records: readonly AuditRecord[]) => void;
  /** True while the stream is open and the lab feeds it. */
  readonly onLive: (live: boolean) => void;
  /** It will not come again. */
  readonly onEnd: (failure: Failure) => void;
}

export interface Feed {
  readonly fetch: LabFetch;
  /** Cursor to go on after. */
  readonly after: string;
  readonly wanted: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Resolves when the signal aborts or the lab ended it for good. */
export const followEvents = ({ wanted, ...feed }: Feed, { onRecords, onLive, onEnd }: FeedHandlers): Promise<void> =>
  followStream(
    { ...feed, path: `audit/events?${new URLSearchParams(wanted)}` },
    {
      onLive,
      onEnd: (failure) => onEnd(failure ?? { code: 'ended', message: 'The lab ended the stream.' }),
      onEvents: (events) => {
        const records = events
          .filter(({ event }) => event === 'record')
          .map(({ data }) => JSON.parse(data) as AuditRecord);
        if (records.length === 0) return;
        onLive(true);
        onRecords(records);
      },
    },
  );
