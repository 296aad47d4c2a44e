// `labmesh dataset`: find, look at, take along, add, ask, check and convert the lab's data. What each does is in ../dataset.
import type { Command } from 'commander';
import { addValidate } from '../dataset/checking.js';
import { addConvert } from '../dataset/converting.js';
import { addFetch } from '../dataset/fetching.js';
import { addGet, addList } from '../dataset/listing.js';
import { addCompare, addInfer, addProfile } from '../dataset/looking.js';
import { addQuery } from '../dataset/querying.js';
import { addSubmit, addUpdate } from '../dataset/submitting.js';
import { addWithdraw } from '../dataset/withdrawing.js';
import type { Session } from '../session.js';

export function addDataset(program: Command, session: Session): void {
  const group = program
    .command('dataset')
    .description('the lab’s data: find, fetch, submit, ask, check, convert')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dataset list pumps\n  npx @labmesh/cli dataset fetch ds_… -o pumps.csv',
    );
  addList(group, session);
  addGet(group, session);
  addFetch(group, session);
  addSubmit(group, session);
  addUpdate(group, session);
  addWithdraw(group, session);
  addQuery(group, session);
  addProfile(group, session);
  addValidate(group, session);
  addConvert(group, session);
  addInfer(group, session);
  addCompare(group, session);
}
