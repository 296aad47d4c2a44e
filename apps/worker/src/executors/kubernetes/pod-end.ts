// What a pod says of its end, or of why it does not begin, in the lab's words.
import type { V1Pod } from '@kubernetes/client-node';
import { exitStatus } from '../exit-status.js';
import type { EngineEnd } from '../followed-attempt.js';

/** A pod in these states waits for ever: nothing changes them but another job. */
const HOPELESS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

const NOTHING = { exitCode: null, signal: null } as const;

/** Why it cannot begin; undefined while it still may. */
export function hopeless(pod: V1Pod): EngineEnd | undefined {
  const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
  if (waiting?.reason === undefined || !HOPELESS.has(waiting.reason)) return undefined;
  const message = `Kubernetes cannot start it (${waiting.reason}): ${waiting.message ?? 'look at its pod'}.`;
  return { ...NOTHING, reason: 'start_failed', message };
}

export const hasBegun = (pod: V1Pod): boolean => pod.status?.containerStatuses?.[0]?.state?.running !== undefined;

export function podEnd({ status }: V1Pod): EngineEnd {
  const terminated = status?.containerStatuses?.[0]?.state?.terminated;
  const exit = terminated === undefined ? NOTHING : exitStatus(terminated.exitCode);
  if (status?.reason === 'DeadlineExceeded')
    return { ...exit, reason: 'wall_time', message: 'Kubernetes ended it at its time limit.' };
  if (terminated?.reason === 'OOMKilled') return { ...exit, reason: 'memory', message: null };
  // Evicted, NodeLost, Preempting, Shutdown and the like: the cluster's doing.
  if (terminated === undefined || (status?.reason !== undefined && status.reason !== ''))
    return {
      ...exit,
      reason: 'worker_lost',
      message: `Kubernetes took its pod away (${status?.reason ?? 'no reason given'}).`,
    };
  return { ...exit, reason: null, message: null };
}

export const GONE: EngineEnd = {
  ...NOTHING,
  reason: 'worker_lost',
  message: 'Its pod was deleted at Kubernetes before it said how it ended.',
};
