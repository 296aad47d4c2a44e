// Told by the lab when something changed behind addresses, or when resources come and go: nothing is asked by a clock.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Followed } from './connection.js';
import { useLab } from './lab.js';

export function useFollowing(followed: Followed, onChanged: () => void): void {
  const { connection } = useLab();
  const latest = useRef(onChanged);
  latest.current = onChanged;
  const json = JSON.stringify(followed);
  useEffect(() => connection.follow(JSON.parse(json) as Followed, () => latest.current()), [connection, json]);
}

/** Whether the lab tells of changes right now. */
export function useIsLive(): boolean {
  const { connection } = useLab();
  return useSyncExternalStore(connection.onLive, connection.isLive);
}
