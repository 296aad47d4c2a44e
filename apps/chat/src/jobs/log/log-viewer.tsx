// What a job has written, line by line, however long: only the lines in sight are on the page. It follows what comes until
// somebody looks at something further up.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { FailureNotice } from '../../ui/notice.js';
import { AnsiText } from './ansi-text.js';
import type { LogLines } from './log-lines.js';
import { LogSearchBar } from './log-search-bar.js';
import { type FollowedLog, useLog } from './use-log.js';

const LINE_PX = 20;
/** So near to the end somebody is still at it. */
const NEAR_PX = 2 * LINE_PX;

interface LogViewerProps {
  readonly jobId: string;
  readonly waiting: boolean;
  /** The job has ended, and all of it was told. */
  readonly onComplete: () => void;
}

export function LogViewer({ jobId, waiting, onComplete }: LogViewerProps) {
  const log = useLog(jobId, onComplete);
  const { lines, turn, failure } = log;
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [marked, setMarked] = useState(-1);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that there are more lines
  useEffect(() => {
    if (following && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [turn, following, rows]);
  const before = useRef(0);
  // What comes moves the end away: only who scrolls up looks at something else.
  const scrolled = () => {
    const place = box.current;
    if (!place) return;
    if (place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_PX) setFollowing(true);
    else if (place.scrollTop < before.current) setFollowing(false);
    before.current = place.scrollTop;
  };
  const found = (line: number) => {
    setMarked(line);
    setFollowing(false);
    rows.scrollToIndex(line, { align: 'center' });
  };
  return (
    <section className="section" aria-labelledby="log-title">
      <div className="log-head">
        <h2 id="log-title">Log</h2>
        <span className="muted" role="status" data-testid="log-state">
          {stateText(log, waiting)}
        </span>
        {!following && (
          <button
            type="button"
            className="button button-small"
            data-testid="log-follow"
            onClick={() => setFollowing(true)}
          >
            To the end
          </button>
        )}
      </div>
      <LogSearchBar lines={lines} turn={turn} at={marked} onFound={found} />
      {failure && <FailureNotice failure={failure} />}
      <div
        ref={box}
        className="log"
        data-testid="log"
        role="log"
        aria-live="off"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={scrolled}
      >
        <div className="log-lines" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <Line key={index} lines={lines} index={index} top={start} marked={index === marked} />
          ))}
        </div>
      </div>
    </section>
  );
}

interface LineProps {
  readonly lines: LogLines;
  readonly index: number;
  /** Pixels from the beginning. */
  readonly top: number;
  readonly marked: boolean;
}

function Line({ lines, index, top, marked }: LineProps) {
  const { stream, text } = lines.at(index);
  return (
    <div
      className={`log-line log-${stream}${marked ? ' log-marked' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className="log-number" aria-hidden="true">
        {(lines.dropped + index + 1).toLocaleString('en')}
      </span>
      <span className="log-text">
        <AnsiText text={text} />
      </span>
    </div>
  );
}

function stateText({ lines, live, complete }: FollowedLog, waiting: boolean): string {
  const count = `${(lines.dropped + lines.length).toLocaleString('en')} lines`;
  if (complete) return lines.length === 0 ? 'It wrote nothing.' : `${count}, all of it`;
  if (waiting) return 'It has not started yet.';
  return live ? `${count}, live` : `${count}, connecting…`;
}
