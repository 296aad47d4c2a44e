// Where in a table one is, and links to the pages around it.
interface PagerProps {
  /** First row shown, counted from 0. */
  readonly from: number;
  readonly shown: number;
  readonly all: number;
  readonly step: number;
  readonly hrefOf: (from: number) => string;
}

export function Pager({ from, shown, all, step, hrefOf }: PagerProps) {
  const last = Math.max(0, (Math.ceil(all / step) - 1) * step);
  const number = (value: number): string => value.toLocaleString('en');
  const links = [
    { label: 'First', to: 0, there: from > 0 },
    { label: 'Previous', to: Math.max(0, from - step), there: from > 0 },
    { label: 'Next', to: from + shown, there: from + shown < all },
    { label: 'Last', to: last, there: from + shown < all },
  ];
  return (
    <nav className="pager" aria-label="Pages of the table">
      <span className="pager-where" data-testid="pager-where">
        Rows {number(from + 1)} to {number(from + shown)} of {number(all)}
      </span>
      {all > shown && (
        <span className="pager-links">
          {links.map(({ label, to, there }) =>
            there ? (
              <a key={label} className="button button-small" href={hrefOf(to)} data-testid={`pager-${label.toLowerCase()}`}>
                {label}
              </a>
            ) : (
              <span key={label} className="button button-small pager-off" aria-hidden="true">
                {label}
              </span>
            ),
          )}
        </span>
      )}
    </nav>
  );
}
