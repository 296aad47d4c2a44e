// One attempt in its pod, as the cluster tells of it: its end, and how it is ended.
import type { V1Pod } from '@kubernetes/client-node';
import { type AttemptToRun, jobMark, type Usage } from '@labmesh/jobs';
import { bySignal } from '../exit-status.js';
import { type EngineAttempt, type EngineEnd, gpuMs, NOTHING_USED } from '../followed-attempt.js';
import { type Cluster, found } from './cluster.js';
import { jobName, MARK_LABEL } from './job-manifest.js';
import { GONE, hasBegun, hopeless, podEnd } from './pod-end.js';
import { isOver, type PodWatch } from './pod-watch.js';

export class RunningPod implements EngineAttempt {
  readonly handle: string;
  readonly began: Promise<void>;
  readonly #over: Promise<EngineEnd>;
  readonly #mark: string;
  #tell: { begun: () => void; over: (end: EngineEnd) => void } = { begun: () => undefined, over: () => undefined };
  #startedAtMs: number | undefined;
  #endedAtMs: number | undefined;
  #seen = false;
  #killed = false;

  constructor(
    private readonly attempt: AttemptToRun,
    private readonly cluster: Cluster,
    private readonly watch: PodWatch,
  ) {
    this.handle = jobName(attempt);
    this.#mark = jobMark(attempt);
    this.began = new Promise((resolve) => {
      this.#tell.begun = resolve;
    });
    this.#over = new Promise((resolve) => {
      this.#tell.over = resolve;
    });
    watch.follow(this.#mark, (pod) => this.#hear(pod));
  }

  async ended(signal: AbortSignal): Promise<EngineEnd> {
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    try {
      const end = await Promise.race([this.#over, left]);
      // What was killed before it could tell how it ended was killed.
      return this.#killed && end === GONE ? { ...bySignal(9), reason: null, message: null } : end;
    } finally {
      this.watch.forget(this.#mark);
    }
  }

  /** A cluster tells no sums: what a job used of CPU and memory is not known here. */
  usage(): Promise<Usage> {
    const gpus = { gpus: Array.from({ length: this.attempt.spec.resources.gpus }, (_, index) => index) };
    const used = this.#startedAtMs === undefined ? 0 : gpuMs(gpus, this.#startedAtMs, this.#endedAtMs);
    return Promise.resolve({ ...NOTHING_USED, gpuMs: used });
  }

  /** SIGTERM now, and SIGKILL after the pod's own grace, which is longer than the lab waits. */
  async terminate(): Promise<void> {
    await this.#delete();
  }

  async kill(): Promise<void> {
    this.#killed = true;
    await this.#delete(1);
  }

  async remove(): Promise<void> {
    await endJob(this.cluster, this.attempt, 1);
  }

  async #delete(graceSeconds?: number): Promise<void> {
    await endJob(this.cluster, this.attempt, graceSeconds);
    // Without a pod there is nothing to hear of.
    if (!this.#seen) this.#hear(undefined);
  }

  #hear(pod: V1Pod | undefined): void {
    if (pod === undefined) {
      if (this.#seen) this.#end(GONE);
      else void this.#withoutPod();
      return;
    }
    this.#seen = true;
    if (hasBegun(pod) || isOver(pod)) {
      this.#startedAtMs ??= pod.status?.startTime === undefined ? Date.now() : new Date(pod.status.startTime).getTime();
      this.#tell.begun();
    }
    const never = hopeless(pod);
    if (never !== undefined) this.#end(never);
    else if (isOver(pod)) this.#end(podEnd(pod));
  }

  /** A Job makes its pod a little later; one without its Job has none. */
  async #withoutPod(): Promise<void> {
    const { batch, namespace } = this.cluster;
    const job = await found(batch.readNamespacedJob({ name: this.handle, namespace })).catch(() => 'unknown');
    if (job === undefined && !this.#seen) this.#end(GONE);
  }

  #end(end: EngineEnd): void {
    this.#endedAtMs ??= Date.now();
    this.#tell.begun();
    this.#tell.over(end);
  }
}

/** Takes away Job and pod; the pod's processes have the grace that is given, else the pod's own. */
export async function endJob(
  { batch, core, namespace }: Cluster,
  attempt: Pick<AttemptToRun, 'jobId' | 'number'>,
  graceSeconds?: number,
): Promise<void> {
  const name = jobName(attempt);
  // The Job first: it would make another pod.
  await found(batch.deleteNamespacedJob({ name, namespace, propagationPolicy: 'Background' }));
  const labelSelector = `${MARK_LABEL}=${jobMark(attempt)}`;
  const pods = await found(core.listNamespacedPod({ namespace, labelSelector }));
  for (const pod of pods?.items ?? [])
    await found(
      core.deleteNamespacedPod({
        name: pod.metadata?.name ?? '',
        namespace,
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      }),
    );
}
