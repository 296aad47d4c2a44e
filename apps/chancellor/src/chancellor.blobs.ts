// The Chancellor's blobs: statements of wallets as files, for who may read the wallet at the time of the download. No other rule lives here.
import { AppError, type BlobHandler } from '@labmesh/contracts';
import type { StatementFiles } from './ledger/statement-files.repository.js';
import { mayRead } from './wallets/ownership.js';

export const chancellorBlobs = (files: StatementFiles): BlobHandler => ({
  async open(id, { principal }) {
    const found = await files.find(id);
    if (found === undefined || !mayRead(found.walletId, principal))
      throw new AppError(
        'not_found',
        `Cannot find the blob ${id}: there is none that you may read. Statements are there for 24 hours; export_statement makes another.`,
      );
    const { sha256, bytes, mediaType, name } = found;
    return { sha256, bytes, mediaType, name };
  },
});
