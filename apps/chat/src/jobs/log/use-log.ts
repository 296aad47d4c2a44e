// A job's log as it comes: followed until its end mark. The lines are one object that grows; `turn` tells that it has.
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { followStream } from '../../live/event-stream.js';
import { useLab } from '../../mcp/lab.js';
import { LogLines, type LogPiece } from './log-lines.js';

/** What comes is shown this often at most. */
const SHOW_EVERY_MS = 100;

export interface FollowedLog {
  readonly lines: LogLines;
  /** Another one whenever there is more to show. */
  readonly turn: number;
  readonly live: boolean;
  /** All of it was told. */
  readonly complete: boolean;
  readonly failure: Failure | undefined;
}

export function useLog(jobId: string, onComplete: () => void): FollowedLog {
  const { fetch } = useLab();
  const lines = useRef(new LogLines());
  const [turn, setTurn] = useState(0);
  const [live, setLive] = useState(false);
  const [complete, setComplete] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const completed = useRef(onComplete);
  completed.current = onComplete;

  useEffect(() => {
    const controller = new AbortController();
    lines.current = new LogLines();
    setComplete(false);
    setFailure(undefined);
    let shown = true;
    const show = setInterval(() => {
      if (!shown) setTurn((count) => count + 1);
      shown = true;
    }, SHOW_EVERY_MS);
    const stream = { path: `jobs/${encodeURIComponent(jobId)}/logs`, fetch, after: '', signal: controller.signal };
    void followStream(stream, {
      onLive: (now) => controller.signal.aborted || setLive(now),
      onEvents: (events) => {
        for (const { event, data } of events)
          if (event === 'log') lines.current.add((JSON.parse(data) as { pieces: LogPiece[] }).pieces);
        shown = false;
      },
      onEnd: (ended) => {
        if (controller.signal.aborted) return;
        setTurn((count) => count + 1);
        if (ended) setFailure(ended);
        else {
          setComplete(true);
          completed.current();
        }
      },
    });
    return () => {
      controller.abort();
      clearInterval(show);
    };
  }, [jobId, fetch]);

  return { lines: lines.current, turn, live, complete, failure };
}
