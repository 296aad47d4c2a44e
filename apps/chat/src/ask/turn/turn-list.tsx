// The turns of the branch that is shown. However long it is, only those in sight are on the page; what comes at the end is followed
// until somebody looks at something further up.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

const TURN_PX = 160;
/** What the box for questions covers. */
const DOCK_PX = 130;
/** So near to the end somebody is still at it. */
const NEAR_PX = 120;

interface TurnListProps {
  readonly keys: readonly string[];
  /** Another text whenever the last turns have grown. */
  readonly grown: string;
  readonly children: (place: number) => ReactNode;
}

export function TurnList({ keys, grown, children }: TurnListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), []);
  const turns = useWindowVirtualizer({
    count: keys.length,
    estimateSize: () => TURN_PX,
    overscan: 6,
    gap: 20,
    scrollMargin: margin,
    scrollPaddingEnd: DOCK_PX,
    getItemKey: (place) => keys[place] ?? place,
  });
  const following = useRef(true);
  useEffect(() => {
    let before = scrollY;
    const scrolled = () => {
      const left = document.documentElement.scrollHeight - scrollY - innerHeight;
      if (left < NEAR_PX) following.current = true;
      else if (scrollY < before) following.current = false;
      before = scrollY;
    };
    addEventListener('scroll', scrolled, { passive: true });
    return () => removeEventListener('scroll', scrolled);
  }, []);
  const last = keys.at(-1);
  const size = turns.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another last turn, more text or another height move the end
  useEffect(() => {
    if (following.current) scrollTo({ top: document.documentElement.scrollHeight });
  }, [last, grown, size]);
  return (
    <ol ref={list} className="turns" data-testid="turns" style={{ height: size }}>
      {turns.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={key}
          ref={turns.measureElement}
          data-index={index}
          className="turns-item"
          aria-setsize={keys.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start - margin}px)` }}
        >
          {children(index)}
        </li>
      ))}
    </ol>
  );
}
