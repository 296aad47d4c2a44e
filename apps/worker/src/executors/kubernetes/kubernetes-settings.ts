// How the Kubernetes executor reaches its cluster, and what its pods get beside what a job asked for.
import { z } from 'zod';

export const KubernetesSettings = z.object({
  /** A kubeconfig file; the service account of the worker's own pod when left out. */
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  namespace: z.string().default('default'),
  /** A claim that worker and pods share (ReadWriteMany, where they are on several nodes): jobs' folders are on it. */
  volumeClaim: z.string(),
  /** Where the worker has that claim. */
  volumePath: z.string().startsWith('/'),
  /** Who a job runs as. */
  userId: z.int().min(1).default(65_534),
  serviceAccount: z.string().optional(),
  runtimeClass: z.string().optional(),
  nodeSelector: z.record(z.string(), z.string()).default({}),
  /** Of /tmp, which is memory, and counts as the job's. */
  tmpMb: z.int().min(1).default(256),
  /** How long a pod may take to end once it was asked: the lab ends it when the job's own grace is over, which is at most 600 s. */
  graceSeconds: z.int().min(1).default(630),
  /** How long the cluster keeps an ended Job that no worker has taken away. */
  keepSeconds: z.int().min(60).default(86_400),
  /** `policy`: the cluster keeps pods with the label labmesh/network=none without network (docs/executors.md). */
  network: z.enum(['node', 'policy']).default('node'),
});
export type KubernetesSettings = z.output<typeof KubernetesSettings>;
