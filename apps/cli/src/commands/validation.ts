// `labmesh validation`: claims about results, and what came of them. Reports are made by programs. What each does is in ../validation.
import type { Command } from 'commander';
import type { Session } from '../session.js';
import { addAsk } from '../validation/asking.js';
import { addCancel } from '../validation/cancelling.js';
import { addList } from '../validation/listing.js';
import { addShow } from '../validation/showing.js';

export function addValidation(program: Command, session: Session): void {
  const group = program
    .command('validation')
    .description('claims about results, which others check: asked for, listed, looked at')
    .addHelpText(
      'after',
      '\nReports are made by programs: npx @labmesh/cli template readme validator-vial\n\nExamples:\n  npx @labmesh/cli validation ls\n  npx @labmesh/cli validation show val_…',
    );
  addAsk(group, session);
  addList(group, session);
  addShow(group, session);
  addCancel(group, session);
}
