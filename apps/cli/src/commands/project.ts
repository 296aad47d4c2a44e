// `labmesh project`: projects from templates, in folders of this machine. What each does is in ../project.
import type { Command } from 'commander';
import { addCheck } from '../project/checking.js';
import { addCreate } from '../project/creating.js';
import { addDelete, addList, addShow } from '../project/listing.js';
import { addRun } from '../project/running.js';
import { addSummary } from '../project/summarizing.js';
import { addUpdate } from '../project/updating.js';
import type { Session } from '../session.js';

const HELP = `
Examples:
  npx @labmesh/cli project create data-scientist-vial flare-study
  npx @labmesh/cli project check flare-study
  npx @labmesh/cli project run --dir flare-study -- python3 train.py`;

export function addProject(program: Command, session: Session): void {
  const group = program
    .command('project')
    .description('projects from templates: make, explain, check, update, run')
    .addHelpText('after', HELP);
  addCreate(group, session);
  addList(group, session);
  addShow(group, session);
  addSummary(group, session);
  addUpdate(group, session);
  addCheck(group, session);
  addRun(group, session);
  addDelete(group, session);
}
