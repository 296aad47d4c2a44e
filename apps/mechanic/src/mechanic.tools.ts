// The Mechanic's contract, part by part, to its domain. No rule lives here.
import { together } from '@labmesh/agent';
import { jobTools } from './jobs/job.tools.js';
import { logTools } from './logs/log.tools.js';
import { nodeTools } from './nodes/node.tools.js';
import { operationTools } from './operations/operation.tools.js';

export const mechanicTools = together(operationTools, jobTools, logTools, nodeTools);
