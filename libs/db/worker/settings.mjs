// How PGlite is started, the same for every embedded database: the worker's and the template's.
import { PGlite } from '@electric-sql/pglite';

const SETTINGS = [
  'shared_buffers=16MB', // the default of 128 MB would all be touched in time; the system caches the files anyway
  'max_wal_size=64MB', // bounds the folder's size, and how long reopening takes after a kill
  'min_wal_size=16MB',
  'search_path=public,bullmq', // the job queue's statements name no schema
];

export const START = [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])];

/** Small log segments: a new database takes 24 MB instead of 39. */
export const CREATE = ['--wal-segsize=1'];
