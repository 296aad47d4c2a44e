// A bar for a share from 0 to 1: an SVG for the eye (a width in a style attribute would be an inline style),
// and a real meter, out of sight, for screen readers.
const NEARLY_FULL = 0.9;

export function Meter({ name, ratio, detail }: { name: string; ratio: number; detail: string }) {
  const percent = Math.round(ratio * 100);
  return (
    <div className="meter">
      <div className="meter-line">
        <span className="check-name">{name}</span>
        <span className="muted">{detail}</span>
        <span className="meter-percent">{percent} %</span>
      </div>
      <meter className="sr-only" aria-label={name} value={percent} min={0} max={100}>
        {percent} %
      </meter>
      <svg
        className={ratio >= NEARLY_FULL ? 'meter-bar meter-bar-full' : 'meter-bar'}
        aria-hidden="true"
        height="8"
        width="100%"
      >
        <rect className="meter-track" width="100%" height="8" rx="4" />
        <rect className="meter-value" width={`${percent}%`} height="8" rx="4" />
      </svg>
    </div>
  );
}
