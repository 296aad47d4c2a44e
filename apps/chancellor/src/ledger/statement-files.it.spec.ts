// Statements as files, on a PostgreSQL server. Needs one; drops what it makes.
import { rm } from 'node:fs/promises';
import { openBlobs } from '@labmesh/blobs';
import { onServer } from '@labmesh/db/suite.testing';
import { temporaryFolder } from '@labmesh/testing';
import { afterAll } from 'vitest';
import { chancellorOver } from '../../test/bed.js';
import { statementFilesSuite } from '../../test/statement-files-suite.js';

let folder: string;
const bed = onServer(async (database) => {
  folder = await temporaryFolder('statements');
  return chancellorOver(database, (await openBlobs({ folder })).of('chancellor'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

statementFilesSuite(bed);
