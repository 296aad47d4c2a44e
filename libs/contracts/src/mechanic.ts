// The Mechanic: the state of the machines and services.
import { z } from 'zod';
import { definePrompt } from './prompt.js';
import { defineAgent, defineTool } from './tool.js';
import { Timestamp } from './values.js';

const Status = z.enum(['up', 'down']);
const Check = z.object({
  status: Status,
  kind: z.string(),
  latencyMs: z.number().nullable(),
  message: z.string().nullable(),
});

export const mechanic = defineAgent({
  name: 'mechanic',
  title: 'The Mechanic',
  description: 'Machines and operations.',
  tools: {
    get_system_health: defineTool({
      title: 'Health of the lab',
      description: 'Services, database, queue, bus, CPU, memory, disk and GPUs, measured now; also as Prometheus text.',
      keywords: ['is everything running', 'status, down, slow', 'disk full', 'monitoring'],
      effect: 'read',
      everyday: true,
      permission: 'health:read',
      input: z.object({}),
      output: z.object({
        status: z.enum(['healthy', 'degraded']),
        at: Timestamp,
        services: z.array(
          z.object({ name: z.string(), status: Status, instances: z.number().int(), latencyMs: z.number().nullable() }),
        ),
        database: Check,
        queue: Check.extend({
          waiting: z.number().int().nullable(),
          active: z.number().int().nullable(),
          failed: z.number().int().nullable(),
        }),
        bus: Check,
        cpu: z.object({
          cores: z.number().int(),
          load1m: z.number().describe('Runnable processes, average of one minute'),
          usedRatio: z.number().describe('Share of all cores in use over the last seconds, 0 to 1'),
        }),
        memory: z.object({
          totalBytes: z.number(),
          availableBytes: z.number(),
          processBytes: z.number().describe('Resident set of this process'),
        }),
        disk: z.object({ path: z.string(), totalBytes: z.number(), availableBytes: z.number() }),
        gpus: z.array(
          z.object({
            index: z.number().int(),
            name: z.string(),
            memoryTotalBytes: z.number(),
            memoryUsedBytes: z.number(),
            utilizationRatio: z.number().nullable(),
            temperatureC: z.number().nullable(),
          }),
        ),
        prometheus: z.string().describe('The same figures in Prometheus text format'),
      }),
      errors: [],
      timeoutMs: 10_000,
    }),
  },
  prompts: {
    check_health: definePrompt({
      title: 'Check the lab’s health',
      description: 'A short report on services, database, queue, bus and machine, the worst first.',
      arguments: z.object({}),
      permission: 'health:read',
    }),
    find_the_cause: definePrompt({
      title: 'Find the cause of trouble',
      description: 'Looks for what explains something that is slow or fails, in the lab’s health.',
      arguments: z.object({ symptom: z.string().min(1).max(1_000).describe('What you see, and since when') }),
      permission: 'health:read',
    }),
  },
});
