// Runs attempts as Jobs of a Kubernetes cluster. They go on without the worker: one that comes after it finds them by their name and
// label. Their folders are on a volume that worker and pods share, and so is their output: a kubelet would hand out both streams as
// one, keep unfinished lines back and forget what is older than its last file.

import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type JobSpec } from '@labmesh/contracts';
import { type AttemptToRun, type Executor, type ExecutorReport, jobMark, type RunningAttempt } from '@labmesh/jobs';
import { FollowedAttempt, outputOf } from '../followed-attempt.js';
import { giveFolder } from '../give-folder.js';
import { OutputFiles } from '../output-files.js';
import { type Cluster, found, inWords, reach } from './cluster.js';
import { jobManifest, jobName, MARK_LABEL } from './job-manifest.js';
import type { KubernetesSettings } from './kubernetes-settings.js';
import { PodWatch } from './pod-watch.js';
import { endJob, RunningPod } from './running-pod.js';

/** A file that another machine writes tells nothing here. */
const LOOK_MS = 250;
const REAP_TRIES = 240;
const REAP_PAUSE_MS = 250;

export class KubernetesExecutor implements Executor {
  readonly kind = 'kubernetes';
  #cluster: Cluster | undefined;
  #watch: PodWatch | undefined;

  constructor(private readonly settings: KubernetesSettings) {}

  async probe(): Promise<ExecutorReport> {
    const version = await this.#reached()
      .version.getCode()
      .catch((cause: unknown) => {
        throw inWords(cause);
      });
    const policy = this.settings.network === 'policy';
    return {
      kind: this.kind,
      version: version.gitVersion,
      enforced: {
        cpus: 'engine',
        memory: 'engine',
        processes: 'engine',
        disk: 'watchdog',
        network: policy ? 'engine' : 'none',
        wallTime: 'engine',
      },
      notes: [
        'What a job used of CPU and memory is not known; how many processes a pod may have is the kubelet’s setting.',
        ...(policy ? [] : ['Pods have the cluster’s network: only jobs with network: true run here.']),
      ],
    };
  }

  async refuse(spec: JobSpec): Promise<void> {
    if (spec.image === undefined)
      throw new AppError('invalid_input', 'Cannot run a pod without an image: name one in image.');
    if (spec.requirements !== undefined && spec.requirements.length > 0)
      throw new AppError(
        'invalid_input',
        'Cannot add requirements to a pod: its Python is the image’s. Take an image that has them.',
      );
    if (this.settings.network === 'node' && !spec.network)
      throw new AppError(
        'invalid_input',
        'Pods have their cluster’s network: submit it with network: true, or set LABMESH_WORKER_KUBERNETES_NETWORK=policy where a policy keeps it from them.',
      );
  }

  async start(attempt: AttemptToRun): Promise<RunningAttempt> {
    await this.refuse(attempt.spec);
    const cluster = this.#reached();
    const body = jobManifest(attempt, this.settings);
    const owner = process.getuid?.() === 0 ? { uid: this.settings.userId, gid: this.settings.userId } : undefined;
    if (owner !== undefined) await giveFolder(attempt.folder, owner);
    const files = await OutputFiles.make(attempt, owner);
    try {
      await cluster.batch.createNamespacedJob({ namespace: cluster.namespace, body });
    } catch (cause) {
      await files.remove();
      // An answer that was lost may have been a yes.
      await endJob(cluster, attempt, 1).catch(() => undefined);
      throw inWords(cause);
    }
    return this.#follow(attempt, files);
  }

  async adopt(attempt: AttemptToRun): Promise<RunningAttempt | undefined> {
    const { batch, namespace } = this.#reached();
    const job = await found(batch.readNamespacedJob({ name: jobName(attempt), namespace }));
    if (job === undefined) return undefined;
    const files = await OutputFiles.open(attempt).catch(() => undefined);
    if (files !== undefined) return this.#follow(attempt, files);
    await this.reap(attempt);
    return undefined;
  }

  async reap(attempt: Pick<AttemptToRun, 'jobId' | 'number'>): Promise<void> {
    const { core, namespace } = this.#reached();
    const labelSelector = `${MARK_LABEL}=${jobMark(attempt)}`;
    for (let tries = 0; tries < REAP_TRIES; tries += 1) {
      await endJob(this.#reached(), attempt, 1);
      const left = await found(core.listNamespacedPod({ namespace, labelSelector }));
      if ((left?.items ?? []).length === 0) return;
      await pause(REAP_PAUSE_MS);
    }
    throw new AppError(
      'unavailable',
      `Kubernetes did not end ${jobName(attempt)} within a minute: look at its pod’s node.`,
    );
  }

  #follow(attempt: AttemptToRun, files: OutputFiles): RunningAttempt {
    const cluster = this.#reached();
    this.#watch ??= new PodWatch(cluster);
    const pod = new RunningPod(attempt, cluster, this.#watch);
    const kill = (): Promise<void> => pod.kill();
    return new FollowedAttempt(pod, outputOf(files, attempt.log, { pollMs: LOOK_MS, kill }));
  }

  #reached(): Cluster {
    this.#cluster ??= reach(this.settings);
    return this.#cluster;
  }
}
