// Names at the broker of what the bus keeps there, and of where answers come in. The rights of a process are made of the same.
import { DURABLE_PREFIX } from '../nest-handlers.js';

/** The stream of all durable events. */
export const STREAM = 'LABMESH_EVENTS';

/** A consumer's name may hold neither dots nor wildcards. */
export const durableName = (queue: string, pattern: string): string =>
  `${queue}--${pattern.slice(DURABLE_PREFIX.length)}`
    .replaceAll('.', '-')
    .replaceAll('*', 'ANY')
    .replaceAll('>', 'ALL');

/** Where the answers to a process come in: under its own name, so that no other may listen there. */
export const inboxPrefix = (name: string): string => `_INBOX.${name}`;

export const logStream = (name: string): string => `LABMESH_LOG_${name}`;
export const logSubject = (name: string, topic: string): string => `labmesh.log.${name}.${topic}`;

/** As NATS names the stream of a bucket, and the subjects in it. */
export const bucketStream = (name: string): string => `KV_${name}`;
export const bucketSubject = (name: string): string => `$KV.${name}.>`;
