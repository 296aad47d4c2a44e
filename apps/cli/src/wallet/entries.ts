// Entries of an account on a terminal, newest or oldest first, as they come.
import type { chancellor } from '@labmesh/contracts';
import type { z } from 'zod';
import type { Output } from '../output/output.js';

export type Entry = z.output<typeof chancellor.tools.get_balance.output>['history'][number];

export const showEntries = (output: Output, entries: readonly Entry[]): void =>
  output.table(
    ['WHEN', 'KIND', 'CHANGE', 'BALANCE', 'WITH', 'MEMO', 'TRANSACTION'],
    entries.map(({ at, kind, change, balanceAfter, counterparty, memo, transactionId }) => [
      at,
      kind,
      change,
      balanceAfter,
      counterparty,
      memo ?? '',
      { text: transactionId, style: 'dim' },
    ]),
  );
