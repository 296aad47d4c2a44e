// Statements as files, on the embedded database.
import { rm } from 'node:fs/promises';
import { openBlobs } from '@labmesh/blobs';
import { embedded } from '@labmesh/db/suite.testing';
import { temporaryFolder } from '@labmesh/testing';
import { afterAll } from 'vitest';
import { chancellorOver } from '../../test/bed.js';
import { statementFilesSuite } from '../../test/statement-files-suite.js';

let folder: string;
const bed = embedded(async (database) => {
  folder = await temporaryFolder('statements');
  return chancellorOver(database, (await openBlobs({ folder })).of('chancellor'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

statementFilesSuite(bed);
