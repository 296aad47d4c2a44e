// Where a suite runs: on an embedded database, or on a PostgreSQL server in a database of its own. Both are gone afterwards.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { postgresDatabase, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll } from 'vitest';
import { type Database, openDatabase } from './database.js';

interface OnDatabase {
  readonly database: Database;
}

/** What `make` builds on it, from the first test on. */
export function embedded<Bed extends OnDatabase>(make: (database: Database) => Bed | Promise<Bed>): () => Bed {
  return bedOn(async () => {
    const folder = await temporaryFolder('suite');
    return { options: { folder }, end: () => rm(folder, { recursive: true, force: true }) };
  }, make);
}

/** The same on the server that has to answer on 127.0.0.1:5432. */
export function onServer<Bed extends OnDatabase>(make: (database: Database) => Bed | Promise<Bed>): () => Bed {
  return bedOn(async () => {
    const server = await postgresDatabase();
    return { options: { url: server.url, folder: tmpdir() }, end: () => server[Symbol.asyncDispose]() };
  }, make);
}

interface Place {
  readonly options: Parameters<typeof openDatabase>[0];
  readonly end: () => PromiseLike<void>;
}

function bedOn<Bed extends OnDatabase>(
  placeOf: () => Promise<Place>,
  make: (database: Database) => Bed | Promise<Bed>,
): () => Bed {
  let place: Place | undefined;
  let bed: Bed | undefined;
  beforeAll(async () => {
    place = await placeOf();
    bed = await make(await openDatabase(place.options));
  });
  afterAll(async () => {
    await bed?.database.close();
    await place?.end();
  });
  return () => {
    if (bed === undefined) throw new Error('there is no database yet');
    return bed;
  };
}
