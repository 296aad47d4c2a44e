// What a pod's status means: what a stand-in for a cluster does not do by itself.
import type { V1PodStatus } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { hopeless, podEnd } from './pod-end.js';

const status = (state: object, more: V1PodStatus = {}) => ({
  status: {
    ...more,
    containerStatuses: [{ name: 'job', image: '', imageID: '', ready: false, restartCount: 0, state }],
  },
});

it.each([
  ['an exit code', { exitCode: 3 }, {}, { exitCode: 3, signal: null, reason: null }],
  ['a signal', { exitCode: 139 }, {}, { exitCode: null, signal: 'SIGSEGV', reason: null }],
  ['memory', { exitCode: 137, reason: 'OOMKilled' }, {}, { signal: 'SIGKILL', reason: 'memory' }],
  ['its time limit', { exitCode: 143 }, { reason: 'DeadlineExceeded' }, { reason: 'wall_time' }],
  ['eviction', { exitCode: 137 }, { reason: 'Evicted' }, { reason: 'worker_lost' }],
  ['a node that was shut down', { exitCode: 143 }, { reason: 'Terminated' }, { reason: 'worker_lost' }],
])('tells %s', (_, terminated, more, end) => {
  expect(podEnd(status({ terminated }, more))).toMatchObject(end);
});

it('tells a pod that its node took along', () => {
  expect(podEnd({ status: { phase: 'Failed', reason: 'NodeLost' } })).toMatchObject({
    exitCode: null,
    reason: 'worker_lost',
  });
});

it('knows what never begins from what may still', () => {
  const waiting = (reason: string): object => ({ waiting: { reason, message: 'said the kubelet' } });
  expect(hopeless(status(waiting('ContainerCreating')))).toBeUndefined();
  expect(hopeless(status(waiting('ImagePullBackOff')))).toMatchObject({
    reason: 'start_failed',
    message: expect.stringMatching(/ImagePullBackOff.*said the kubelet/),
  });
});
