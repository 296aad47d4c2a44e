// The cluster's API: how it is reached, and its errors in the lab's words.
import { ApiException, BatchV1Api, CoreV1Api, KubeConfig, VersionApi, Watch } from '@kubernetes/client-node';
import { AppError } from '@labmesh/contracts';
import type { KubernetesSettings } from './kubernetes-settings.js';

export interface Cluster {
  readonly namespace: string;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly version: VersionApi;
  readonly watch: Watch;
}

/** @throws AppError unavailable when there is no such configuration */
export function reach({ kubeconfig, context, namespace }: KubernetesSettings): Cluster {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromCluster();
    else config.loadFromFile(kubeconfig);
    if (context !== undefined) config.setCurrentContext(context);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `Cannot read how the Kubernetes cluster is reached${kubeconfig === undefined ? '' : ` from ${kubeconfig}`}. Give a kubeconfig in LABMESH_WORKER_KUBERNETES_CONFIG, or run the worker in the cluster.`,
      { cause },
    );
  }
  return {
    namespace,
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    version: config.makeApiClient(VersionApi),
    watch: new Watch(config),
  };
}

export const statusOf = (cause: unknown): number | undefined =>
  cause instanceof ApiException ? cause.code : undefined;

/** Undefined for what is not there. */
export async function found<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (statusOf(cause) === 404) return undefined;
    throw inWords(cause);
  }
}

/** What the cluster answers with a 4xx is for the job to mend; everything else is for later. */
export function inWords(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const status = statusOf(cause);
  if (status !== undefined && status >= 400 && status < 500 && status !== 429)
    return new AppError('invalid_input', `Kubernetes refused it: ${saidBy(cause)}`, { cause });
  return new AppError('unavailable', `Kubernetes does not answer: ${saidBy(cause)}`, { cause });
}

function saidBy(cause: unknown): string {
  if (!(cause instanceof ApiException)) return cause instanceof Error ? cause.message : String(cause);
  const body: unknown = typeof cause.body === 'string' ? parsed(cause.body) : cause.body;
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message : `status ${cause.code}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
