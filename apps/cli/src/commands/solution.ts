// `labmesh solution`: what the lab's people learnt, to be found, written down, voted for and accepted. What each does is in ../solution.
import type { Command } from 'commander';
import type { Session } from '../session.js';
import { addAccept, addShow, addVote } from '../solution/judging.js';
import { addList } from '../solution/listing.js';
import { addLog } from '../solution/logging.js';

export function addSolution(program: Command, session: Session): void {
  const group = program
    .command('solution')
    .description('problems that were solved, and how: for everybody in the lab')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli solution list pump\n  npx @labmesh/cli solution log "Pump stalls" --problem @stall.txt --solution "Degas it first."',
    );
  addList(group, session);
  addLog(group, session);
  addShow(group, session);
  addVote(group, session);
  addAccept(group, session);
}
