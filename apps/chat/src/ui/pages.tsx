// A list that the lab gives page by page: which pages were gone through, and the buttons that turn them.
import { useState } from 'react';

interface Pages {
  /** Where the page that is shown begins; undefined: it is the first. */
  readonly cursor: string | undefined;
  readonly cursors: readonly string[];
  readonly go: (cursors: readonly string[]) => void;
}

/** @param of what the list is of: another begins at its first page */
export function usePages(of: string): Pages {
  const [gone, setGone] = useState<{ of: string; cursors: readonly string[] }>({ of, cursors: [] });
  const cursors = gone.of === of ? gone.cursors : [];
  return { cursor: cursors.at(-1), cursors, go: (to) => setGone({ of, cursors: to }) };
}

interface PageButtonsProps {
  readonly pages: Pages;
  readonly nextCursor: string | undefined;
  /** What the buttons say, where the list is not by time. */
  readonly labels?: { readonly back: string; readonly on: string } | undefined;
}

const BY_TIME = { back: 'Newer', on: 'Older' };

export const PageButtons = ({ pages, nextCursor, labels = BY_TIME }: PageButtonsProps) => (
  <div className="row page-buttons">
    {pages.cursors.length > 0 && (
      <button type="button" className="button" onClick={() => pages.go(pages.cursors.slice(0, -1))}>
        {labels.back}
      </button>
    )}
    {nextCursor !== undefined && (
      <button type="button" className="button" onClick={() => pages.go([...pages.cursors, nextCursor])}>
        {labels.on}
      </button>
    )}
  </div>
);
