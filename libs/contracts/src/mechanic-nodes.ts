// The Mechanic's tools for the machines that run jobs, and what a second of them costs. Part of the contract in mechanic.ts.
import { z } from 'zod';
import { EXECUTORS } from './mechanic-job-states.js';
import { defineTool } from './tool.js';
import { Amount, Timestamp } from './values.js';

export const NodeId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'a node’s name is small letters, digits, dots and dashes')
  .describe('Name of a node, as list_nodes gives it');

/** What an executor of a node can hold a job to; a limit that it cannot is refused when somebody asks for it. */
export const Enforced = z.object({
  cpus: z.enum(['cgroup', 'engine', 'share', 'none']).describe('share: fairly among jobs, without a ceiling'),
  memory: z.enum(['cgroup', 'engine', 'watchdog', 'rlimit', 'none']),
  processes: z.enum(['cgroup', 'engine', 'rlimit', 'watchdog', 'none']),
  disk: z.enum(['engine', 'watchdog', 'none']),
  network: z.enum(['namespace', 'engine', 'none']).describe('none: a job without network cannot be promised'),
  wallTime: z.enum(['lab', 'engine']),
});

export const nodeTools = {
  list_nodes: defineTool({
    title: 'Machines that run jobs',
    description:
      'Nodes with what they have and what is free, their workers, executors and the limits each can enforce.',
    keywords: [
      'free gpus',
      'cluster capacity',
      'workers',
      'which machines are there',
      'is a gpu free',
      'which computers can I use',
      'available hardware',
      'how busy is the cluster',
      'servers, machines and their memory',
      'do we have an a100 or h100',
      'what hardware is free',
      'how many machines do we have',
      'gpu types',
      'cpu and memory of the machines',
    ],
    effect: 'read',
    permission: 'job:read',
    input: z.object({}),
    output: z.object({
      nodes: z.array(
        z.object({
          node: NodeId,
          state: z.enum(['ready', 'draining', 'drained', 'gone']),
          reason: z.string().nullable().describe('Why it is drained'),
          cpus: z.object({ total: z.number(), free: z.number() }),
          memoryMb: z.object({ total: z.int(), free: z.int() }),
          gpus: z.object({ total: z.int(), free: z.int() }),
          workers: z.int().nonnegative().describe('Whose lease runs'),
          running: z.int().nonnegative(),
          executors: z.array(
            z.object({
              kind: z.enum(EXECUTORS),
              version: z.string().nullable(),
              enforced: Enforced,
              notes: z.array(z.string()).describe('What this machine does not permit, and why'),
            }),
          ),
          seenAt: Timestamp,
        }),
      ),
      prices: z.object({ cpuSecond: Amount, gpuSecond: Amount, gbSecond: Amount }),
    }),
    errors: [],
    timeoutMs: 5_000,
  }),
  drain_node: defineTool({
    title: 'Empty a node',
    description:
      'No job starts there any more; what runs ends by itself, or now with end: it goes on elsewhere, at no cost. resume takes the node into use again.',
    keywords: [
      'maintenance of a machine',
      'take a worker out',
      'cordon a node',
      'repair a server',
      'keep jobs off a machine',
      'switch a computer off',
      'reboot, replace hardware',
    ],
    effect: 'destroy',
    idempotent: true,
    permission: 'job:operate',
    input: z.object({
      node: NodeId,
      reason: z
        .string()
        .regex(/^[^\p{Cc}]{1,200}$/u)
        .optional(),
      end: z.boolean().default(false),
      resume: z.boolean().default(false),
    }),
    output: z.object({ node: NodeId, state: z.enum(['ready', 'draining', 'drained']), running: z.int().nonnegative() }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  set_prices: defineTool({
    title: 'Set what computing costs',
    description:
      'The price of a second of a CPU, of a GPU and of a GB of memory, for jobs submitted from now on: parameters of the lab, which once the DAO is on change by an executed proposal alone.',
    keywords: [
      'price of compute',
      'cost per gpu hour',
      'make jobs free',
      'running is too expensive, make it cheaper',
      'charge for gpus',
      'tariff',
      'what users pay for machines',
    ],
    effect: 'write',
    idempotent: true,
    permission: 'job:operate',
    input: z.object({ cpuSecond: Amount.optional(), gpuSecond: Amount.optional(), gbSecond: Amount.optional() }),
    output: z.object({ cpuSecond: Amount, gpuSecond: Amount, gbSecond: Amount }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
};
