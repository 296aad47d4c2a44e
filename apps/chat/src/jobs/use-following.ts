// Told by the lab when something changed behind addresses: nothing is asked by a clock.
import { useEffect, useRef } from 'react';
import { useLab } from '../mcp/lab.js';

export function useFollowing(uris: readonly string[], onChanged: () => void): void {
  const { connection } = useLab();
  const latest = useRef(onChanged);
  latest.current = onChanged;
  const json = JSON.stringify(uris);
  useEffect(() => connection.follow(JSON.parse(json) as string[], () => latest.current()), [connection, json]);
}
