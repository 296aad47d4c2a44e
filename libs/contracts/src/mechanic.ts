// The Mechanic: the state of the machines and services, and the jobs that run on them.
import { z } from 'zod';
import { jobEvents } from './mechanic-events.js';
import { JobId } from './mechanic-job-states.js';
import { jobTools } from './mechanic-jobs.js';
import { jobBlobs, jobResources, logTools } from './mechanic-logs.js';
import { nodeTools } from './mechanic-nodes.js';
import { mechanicOperations } from './mechanic-operations.js';
import { recoveryEvents, recoveryTools } from './mechanic-recovery.js';
import { definePrompt } from './prompt.js';
import { defineAgent } from './tool.js';

/** Its tools by concept, as its handlers are. */
export const mechanicParts = {
  operations: { ...mechanicOperations.tools, ...recoveryTools },
  jobs: jobTools,
  logs: logTools,
  nodes: nodeTools,
} as const;

export const mechanic = defineAgent({
  name: mechanicOperations.name,
  title: 'The Mechanic',
  description: 'Jobs, the machines that run them, and operations.',
  keepsFiles: true,
  hears: { chancellor: ['parameters_set'] },
  needs: {
    chancellor: ['hold_for_work', 'set_parameters'],
    curator: ['fetch_dataset', 'transform_data_format', 'blob:open'],
  },
  events: { ...jobEvents, ...recoveryEvents },
  tools: { ...mechanicParts.operations, ...mechanicParts.jobs, ...mechanicParts.logs, ...mechanicParts.nodes },
  blobs: jobBlobs,
  resources: jobResources,
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
    explain_job: definePrompt({
      title: 'Explain how a job ended',
      description: 'Why a job failed, waits or was lost, from its attempts and its log, and what to change.',
      arguments: z.object({ jobId: JobId }),
      permission: 'job:read',
    }),
    plan_training: definePrompt({
      title: 'Plan a training',
      description: 'From a goal to a job that is ready to submit: data, program, resources, checkpoints, price.',
      arguments: z.object({ goal: z.string().min(1).max(2_000).describe('What is to be learnt, and from which data') }),
      permission: 'job:write',
    }),
  },
});
