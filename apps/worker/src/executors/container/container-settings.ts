// How the container executor reaches its engine, and what it lets a job have beside what the job asked for.
import { z } from 'zod';

export const ContainerSettings = z.object({
  /** Path of the engine's socket, or its address: tcp://host:2375. The jobs' folders must have the same path there. */
  engine: z.string().default('/var/run/docker.sock'),
  /** `missing`: an image that is not there is fetched when a job needs it. */
  pull: z.enum(['never', 'missing']).default('never'),
  /** Who a job runs as when the worker is root, and the engine too. Else it is the worker's own user. */
  userId: z.int().min(1).default(65_534),
  processesMax: z.int().min(8).default(1_024),
  /** Of /tmp, which is memory, and counts as the job's. */
  tmpMb: z.int().min(1).default(256),
  /** Network of a job that asks for one. */
  network: z.string().default('bridge'),
});
export type ContainerSettings = z.output<typeof ContainerSettings>;
