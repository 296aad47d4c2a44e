// A score as a bar, with a mark where the threshold is: what is beyond the mark is what was unusual.
import { formatScore } from './anomaly.js';

const HEIGHT = 14;
/** Beyond this multiple of the threshold all bars are full: the number says the rest. */
const TIMES_SHOWN = 4;

export function ScoreBar({ score, threshold, label }: { score: number; threshold: number; label: string }) {
  const end = Math.max(threshold, Math.min(score, threshold * TIMES_SHOWN), Number.MIN_VALUE);
  const percent = (value: number): string => `${Math.min(100, (value / end) * 100)}%`;
  return (
    <div className="score">
      <div className="score-line">
        <span>
          Score <strong>{formatScore(score)}</strong>
        </span>
        <span className="muted">{label}</span>
      </div>
      <svg
        className="score-bar"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={`Score ${formatScore(score)}, threshold ${formatScore(threshold)}`}
      >
        <rect className="meter-track" width="100%" height="8" y="3" rx="4" />
        <rect className="score-value" width={percent(score)} height="8" y="3" rx="4" />
        <rect className="score-usual" width={percent(threshold)} height="8" y="3" rx="4" />
        <line className="score-mark" x1={percent(threshold)} x2={percent(threshold)} y1="0" y2={HEIGHT} />
      </svg>
    </div>
  );
}
