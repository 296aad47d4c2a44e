// A page of several views: links to those that the caller has, and the one that the address names.
import { type ReactNode, useEffect } from 'react';
import { FaultBoundary } from './fault-boundary.js';
import { NotForYou } from './not-for-you.js';

interface Named {
  readonly view: string;
  readonly label: string;
}

interface ViewsOfPageProps<V extends Named> {
  readonly label: string;
  /** Those that the caller has. */
  readonly views: readonly V[];
  /** Of the address; the first one when it names none. */
  readonly view: string | undefined;
  /** Links also where there is one view only. */
  readonly linksToOne?: boolean;
  readonly hrefOf: (view: V['view']) => string;
  readonly children: (view: V['view']) => ReactNode;
}

export function ViewsOfPage<V extends Named>({
  label,
  views,
  view,
  linksToOne = false,
  hrefOf,
  children,
}: ViewsOfPageProps<V>) {
  const shown = view === undefined ? views[0] : views.find((each) => each.view === view);
  useEffect(() => {
    if (shown) document.title = `${shown.label} · ${label} · LabMesh`;
  }, [shown, label]);
  return (
    <>
      {(linksToOne || views.length > 1) && (
        <nav className="views" aria-label={label}>
          {views.map((each) => (
            <a
              key={each.view}
              href={hrefOf(each.view)}
              data-testid={`view-${each.view}`}
              aria-current={each === shown ? 'page' : undefined}
            >
              {each.label}
            </a>
          ))}
        </nav>
      )}
      {shown ? <FaultBoundary key={shown.view}>{children(shown.view)}</FaultBoundary> : <NotForYou />}
    </>
  );
}
