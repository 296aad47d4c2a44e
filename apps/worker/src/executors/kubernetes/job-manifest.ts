// One attempt as a Job of one pod: everything that a pod may not have is said here.
import { relative } from 'node:path';
import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';
import { AppError } from '@labmesh/contracts';
import { type AttemptToRun, jobMark } from '@labmesh/jobs';
import { LAUNCH, outputFolder } from '../output-files.js';
import type { KubernetesSettings } from './kubernetes-settings.js';

export const MARK_LABEL = 'labmesh/attempt';
const NETWORK_LABEL = 'labmesh/network';
export const CONTAINER = 'job';

/** The cluster's own limit comes after the lab's, for which it stands in when no worker is there. */
const AFTER_SECONDS = 120;

/** A Job's name must be one of DNS, which has no underscore. */
export const jobName = (attempt: Pick<AttemptToRun, 'jobId' | 'number'>): string =>
  `labmesh-${attempt.jobId.replace(/^job_/, '')}-${attempt.number}`;

export function jobManifest(attempt: AttemptToRun, settings: KubernetesSettings): V1Job {
  const labels = { [MARK_LABEL]: jobMark(attempt), [NETWORK_LABEL]: attempt.spec.network ? 'node' : 'none' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName(attempt), labels },
    spec: {
      // Trying again is the lab's.
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      ttlSecondsAfterFinished: settings.keepSeconds,
      template: { metadata: { labels }, spec: podSpec(attempt, settings) },
    },
  };
}

function podSpec(attempt: AttemptToRun, settings: KubernetesSettings): V1PodSpec {
  return {
    restartPolicy: 'Never',
    activeDeadlineSeconds: attempt.spec.resources.wallSeconds + AFTER_SECONDS,
    terminationGracePeriodSeconds: settings.graceSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // A container's first process does not die of SIGTERM unless it asks to: with one space for all, it is not the first.
    shareProcessNamespace: true,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: settings.userId,
      runAsGroup: settings.userId,
      fsGroup: settings.userId,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(attempt, settings)],
    volumes: [
      { name: 'jobs', persistentVolumeClaim: { claimName: settings.volumeClaim } },
      { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: `${settings.tmpMb}Mi` } },
    ],
    nodeSelector: settings.nodeSelector,
    ...(settings.serviceAccount === undefined ? {} : { serviceAccountName: settings.serviceAccount }),
    ...(settings.runtimeClass === undefined ? {} : { runtimeClassName: settings.runtimeClass }),
  };
}

function container(attempt: AttemptToRun, settings: KubernetesSettings): V1Container {
  const { cpus, memoryMb, gpus } = attempt.spec.resources;
  const limits = {
    cpu: String(cpus),
    memory: `${memoryMb}Mi`,
    ...(gpus > 0 ? { 'nvidia.com/gpu': String(gpus) } : {}),
  };
  // An image brings its own PATH. The cluster chooses the GPUs, and its runtime shows a container those alone.
  const { PATH: _, CUDA_VISIBLE_DEVICES: __, ...environment } = attempt.environment;
  const seen = { ...environment, CUDA_VISIBLE_DEVICES: Array.from({ length: gpus }, (_, index) => index).join(',') };
  return {
    name: CONTAINER,
    image: attempt.spec.image ?? '',
    command: ['/bin/sh', '-c', LAUNCH, outputFolder(attempt)].map(literal),
    args: attempt.command.map(literal),
    env: Object.entries(seen).map(([name, value]) => ({ name, value: literal(value) })),
    workingDir: attempt.folder,
    resources: { limits, requests: limits },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'jobs', mountPath: attempt.folder, subPath: onVolume(attempt.folder, settings.volumePath) },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

/** Kubernetes puts a variable's value in the place of `$(NAME)`, and takes `$$` for `$`. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

function onVolume(folder: string, volumePath: string): string {
  const below = relative(volumePath, folder);
  if (below === '' || below.startsWith('..'))
    throw new AppError(
      'unavailable',
      `Cannot run a job of ${folder} at Kubernetes: it is not below ${volumePath}, where the worker has the volume that pods share. Set LABMESH_WORKER_KUBERNETES_VOLUME_PATH, or move the jobs’ folders there.`,
    );
  return below;
}
