// `labmesh dao`: proposals, votes, delegation and the lab's parameters. What each does is in ../dao.
import type { Command } from 'commander';
import { addEnable, addSet } from '../dao/guarding.js';
import { addList, addParameters } from '../dao/listing.js';
import { addCancel, addExecute, addQueue } from '../dao/moving.js';
import { addPropose } from '../dao/proposing.js';
import { addShow } from '../dao/showing.js';
import { addDelegate, addVote } from '../dao/voting.js';
import type { Session } from '../session.js';

export function addDao(program: Command, session: Session): void {
  const group = program
    .command('dao')
    .description('what the lab’s members decide: proposals, votes, parameters')
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli dao list\n  npx @labmesh/cli dao vote prop_… yes');
  addList(group, session);
  addShow(group, session);
  addPropose(group, session);
  addVote(group, session);
  addDelegate(group, session);
  addCancel(group, session);
  addQueue(group, session);
  addExecute(group, session);
  addParameters(group, session);
  addSet(group, session);
  addEnable(group, session);
}
