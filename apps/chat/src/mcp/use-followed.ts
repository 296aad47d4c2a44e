// A tool's answer that changes: first asked when the lab tells of its changes, so that none is missed and nothing is asked twice.
import { useEffect, useState } from 'react';
import type { Followed } from './connection.js';
import { useLab } from './lab.js';
import { type Answer, useAnswer } from './use-answer.js';
import { useFollowing } from './use-following.js';

interface FollowedBy<T> extends Followed {
  /** What is followed besides, which the answer itself names. */
  readonly urisIn?: (value: T) => readonly string[];
}

/**
 * @param tool undefined where this caller has none: nothing is asked, nothing is followed
 * @param input asked anew when its JSON changes
 */
export function useFollowed<T>(
  tool: string | undefined,
  input: Readonly<Record<string, unknown>>,
  { uris, lists = false, urisIn }: FollowedBy<T>,
): Answer<T> {
  const known: Followed = tool === undefined ? { uris: [] } : { uris, lists };
  const told = useTold(known);
  const answer = useAnswer<T>(told ? tool : undefined, input);
  const named = answer.value === undefined ? [] : (urisIn?.(answer.value) ?? []);
  useFollowing({ ...known, uris: [...new Set([...known.uris, ...named])] }, answer.refresh, answer.askedAt);
  return { ...answer, busy: answer.busy || (tool !== undefined && !told) };
}

function useTold(followed: Followed): boolean {
  const { connection } = useLab();
  const [told, setTold] = useState(false);
  const json = JSON.stringify(followed);
  useEffect(() => connection.whenTold(JSON.parse(json) as Followed, () => setTold(true)), [connection, json]);
  return told;
}
