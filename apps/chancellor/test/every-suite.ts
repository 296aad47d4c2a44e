// Every suite of the ledger and the wallets, in the order in which they go on one database.
import type { Bed } from './bed.js';
import { batchSuite, booksSuite, reversalSuite, statementSuite, statusSuite } from './books-suite.js';
import { concurrencySuite } from './concurrency-suite.js';
import { holdsSuite } from './holds-suite.js';
import { ledgerSuite } from './ledger-suite.js';
import { genesisSuite, walletsSuite } from './wallets-suite.js';
import { workSuite } from './work-suite.js';

export function everySuite(bed: () => Bed): void {
  genesisSuite(bed);
  walletsSuite(bed);
  ledgerSuite(bed);
  holdsSuite(bed);
  workSuite(bed);
  batchSuite(bed);
  reversalSuite(bed);
  statementSuite(bed);
  statusSuite(bed);
  concurrencySuite(bed);
  booksSuite(bed);
}
