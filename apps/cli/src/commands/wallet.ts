// `labmesh wallet`: wallets and the money in them. What each does is in ../wallet.
import type { Command } from 'commander';
import type { Session } from '../session.js';
import { addBatch } from '../wallet/batch.js';
import { addClose, addFreeze, addUnfreeze } from '../wallet/closing.js';
import { addHistory } from '../wallet/history.js';
import { addCapture, addHold, addHolds, addRelease } from '../wallet/holding.js';
import { addBalance, addList, addShow } from '../wallet/looking.js';
import { addCreate, addTemplates } from '../wallet/opening.js';
import { addReverse, addSend, addTransfer } from '../wallet/paying.js';
import { addStatement } from '../wallet/statement.js';

export function addWallet(program: Command, session: Session): void {
  const group = program
    .command('wallet')
    .description('wallets and $webxos')
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli wallet balance\n  npx @labmesh/cli wallet send wal_… 2.50');
  addCreate(group, session);
  addTemplates(group, session);
  addShow(group, session);
  addList(group, session);
  addBalance(group, session);
  addHistory(group, session);
  addStatement(group, session);
  addSend(group, session);
  addTransfer(group, session);
  addBatch(group, session);
  addReverse(group, session);
  addHold(group, session);
  addCapture(group, session);
  addRelease(group, session);
  addHolds(group, session);
  addFreeze(group, session);
  addUnfreeze(group, session);
  addClose(group, session);
}
