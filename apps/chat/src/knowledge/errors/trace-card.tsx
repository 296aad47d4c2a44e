// A stack trace: what was thrown, what caused it, and the frames of one's own code before all others.
import { plural } from '../../ui/figures.js';
import type { Frame, Trace } from '../knowledge.js';
import { frameText, isOrigin } from './error-text.js';

const LANGUAGES: Readonly<Record<Trace['language'], string>> = {
  node: 'JavaScript',
  python: 'Python',
  java: 'Java',
  go: 'Go',
  rust: 'Rust',
  csharp: 'C#',
};

export function TraceCard({ trace: { language, chain, origin } }: { trace: Trace }) {
  return (
    <article className="card trace" data-testid="trace">
      <p className="knowledge-facts">
        <span className="badge badge-read">{LANGUAGES[language]}</span>
        {origin && (
          <span>
            It began in your code at <strong className="mono">{frameText(origin)}</strong>
          </span>
        )}
      </p>
      <ol className="trace-chain">
        {chain.map(({ type, message, line, frames }, place) => (
          <li key={line}>
            <h3 className="trace-thrown">
              {place > 0 && <span className="muted">caused by </span>}
              {type !== null && <span className="mono">{type}</span>}
              {type !== null && message !== '' && ': '}
              <span className="trace-message">{message}</span>
            </h3>
            <Frames frames={frames} origin={origin} />
          </li>
        ))}
      </ol>
    </article>
  );
}

/** More of others' frames are folded away: what one can mend is in one's own. */
function Frames({ frames, origin }: { frames: readonly Frame[]; origin: Frame | null }) {
  const own = frames.filter((frame) => frame.own);
  const others = frames.length - own.length;
  return (
    <>
      {own.length > 0 && <FrameList frames={own} origin={origin} />}
      {others > 0 && (
        <details>
          <summary>All {plural(frames.length, 'frame')}, with those of packages and the language</summary>
          <FrameList frames={frames} origin={origin} />
        </details>
      )}
    </>
  );
}

const FrameList = ({ frames, origin }: { frames: readonly Frame[]; origin: Frame | null }) => (
  <ol className="frames">
    {frames.map((frame, place) => (
      <li
        // biome-ignore lint/suspicious/noArrayIndexKey: a recursion has one frame many times, and none moves
        key={place}
        className={frame.own ? 'mono frame-own' : 'mono frame-other'}
      >
        {frameText(frame)}
        {isOrigin(frame, origin) && <span className="badge badge-here frame-note">it began here</span>}
      </li>
    ))}
  </ol>
);
