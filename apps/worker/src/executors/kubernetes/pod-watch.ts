// Watches the pods of all attempts that this worker follows, by one watch, and only while it follows any. It goes on from the version
// that it has seen, and lists anew where the cluster has forgotten that one (410).
import { setTimeout as pause } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { type Cluster, inWords } from './cluster.js';
import { MARK_LABEL } from './job-manifest.js';

const AGAIN_MS = 1_000;

/** Told of every change; undefined when there is no pod of that attempt any more, or not yet. */
export type PodListener = (pod: V1Pod | undefined) => void;

class Gone extends Error {}

export class PodWatch {
  readonly #listeners = new Map<string, PodListener>();
  #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly cluster: Cluster) {}

  follow(mark: string, listener: PodListener): void {
    this.#listeners.set(mark, listener);
    if (this.#running !== undefined) return;
    this.#stop = new AbortController();
    this.#running = this.#run(this.#stop.signal);
  }

  forget(mark: string): void {
    this.#listeners.delete(mark);
    if (this.#listeners.size > 0) return;
    this.#stop.abort();
    this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    while (!signal.aborted) {
      try {
        version ??= await this.#list();
        version = await this.#watch(version, signal);
      } catch (cause) {
        if (cause instanceof Gone) version = undefined;
        else await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** What is there now: an attempt without a pod hears of that too. */
  async #list(): Promise<string> {
    const asked = [...this.#listeners.keys()];
    const { items, metadata } = await this.cluster.core
      .listNamespacedPod({ namespace: this.cluster.namespace, labelSelector: MARK_LABEL })
      .catch((cause: unknown) => {
        throw inWords(cause);
      });
    const pods = new Map(items.map((pod) => [markOf(pod), pod]));
    for (const mark of asked) this.#listeners.get(mark)?.(pods.get(mark));
    return metadata?.resourceVersion ?? '';
  }

  /** Until the cluster closes it, as it does now and then. @returns the version to go on from. @throws Gone */
  async #watch(from: string, signal: AbortSignal): Promise<string> {
    let version = from;
    const path = `/api/v1/namespaces/${this.cluster.namespace}/pods`;
    const query = { labelSelector: MARK_LABEL, resourceVersion: from, allowWatchBookmarks: true };
    await new Promise<void>((resolve, reject) => {
      const told = (type: string, object: V1Pod & { code?: number }): void => {
        if (type === 'ERROR') {
          reject(object.code === 410 ? new Gone() : new Error('the watch failed'));
          return;
        }
        version = object.metadata?.resourceVersion ?? version;
        if (type !== 'BOOKMARK') this.#listeners.get(markOf(object))?.(type === 'DELETED' ? ended(object) : object);
      };
      const done = (cause: unknown): void => {
        if (cause === null || cause === undefined) resolve();
        else reject(isGone(cause) ? new Gone() : (cause as Error));
      };
      this.cluster.watch.watch(path, query, told, done).then((open) => {
        if (signal.aborted) open.abort();
        signal.addEventListener('abort', () => open.abort());
      }, reject);
    });
    return version;
  }
}

/** A pod's last words may be how it ended: that counts; else it is gone. */
const ended = (pod: V1Pod): V1Pod | undefined => (isOver(pod) ? pod : undefined);

export const isOver = (pod: V1Pod): boolean =>
  ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '') ||
  pod.status?.containerStatuses?.[0]?.state?.terminated !== undefined;

const markOf = (pod: V1Pod): string => pod.metadata?.labels?.[MARK_LABEL] ?? '';

const isGone = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'statusCode' in cause && cause.statusCode === 410;
