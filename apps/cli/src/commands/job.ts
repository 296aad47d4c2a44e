// `labmesh job`: work for the lab's machines, what it writes, and what it leaves. What each does is in ../job.
import type { Command } from 'commander';
import { addArtifacts } from '../job/artifacts.js';
import { addCancel, addRetry } from '../job/ending.js';
import { addLogs } from '../job/following.js';
import { addList } from '../job/listing.js';
import { addGet, addWhy } from '../job/showing.js';
import { addSubmit } from '../job/submitting.js';
import { addDrain, addPrices, addTop } from '../job/top.js';
import type { Session } from '../session.js';

export function addJob(program: Command, session: Session): void {
  const group = program
    .command('job')
    .description('jobs: run them on the lab’s machines, follow them, keep what they leave')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli job submit -f -- python3 train.py\n  npx @labmesh/cli job ls',
    );
  addSubmit(group, session);
  addList(group, session);
  addGet(group, session);
  addLogs(group, session);
  addWhy(group, session);
  addCancel(group, session);
  addRetry(group, session);
  addArtifacts(group, session);
  addTop(group, session);
  addDrain(group, session);
  addPrices(group, session);
}
