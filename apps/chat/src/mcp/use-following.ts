// Told by the lab when something changed behind addresses, or when resources come and go: nothing is asked by a clock.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Followed } from './connection.js';
import { useLab } from './lab.js';

/** @param since the connection’s `moment()` at which what is shown was asked for */
export function useFollowing(followed: Followed, onChanged: () => void, since?: number): void {
  const { connection } = useLab();
  const latest = useRef({ onChanged, since });
  latest.current = { onChanged, since };
  const json = JSON.stringify(followed);
  useEffect(
    () => connection.follow(JSON.parse(json) as Followed, () => latest.current.onChanged(), latest.current.since),
    [connection, json],
  );
}

/** Whether the lab tells of changes right now. */
export function useIsLive(): boolean {
  const { connection } = useLab();
  return useSyncExternalStore(connection.onLive, connection.isLive);
}
