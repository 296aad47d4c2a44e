// What reading logs is made of, for the Mechanic's module.
import { BLOBS, type Blobs } from '@labmesh/blobs';
import { type Bus, isUnanswered, workerSubject } from '@labmesh/bus';
import { mechanic } from '@labmesh/contracts';
import { KeptChunks, LogAnswer, LogLocator, type LogQuestion, LogReader } from '@labmesh/jobs';
import { BUS } from '@labmesh/runtime';
import type { Provider } from '@nestjs/common';
import { ArtifactFiles } from './artifact-files.js';
import { Artifacts } from './artifacts.repository.js';
import { JobBlobs } from './job-blobs.js';
import { LogAccess } from './log-access.js';
import { LogRows } from './log-rows.repository.js';
import { LogStream } from './log-stream.js';
import { LogUpkeep } from './log-upkeep.repository.js';

/** A worker waits two seconds at most for something to be written. */
const ASK_MS = 5_000;

/** Asks the worker that writes a log; in one process that is a call. */
const askWorker =
  (bus: Pick<Bus, 'request'>) =>
  async (workerId: string, question: LogQuestion): Promise<LogAnswer | undefined> => {
    try {
      return LogAnswer.parse(await bus.request(workerSubject(workerId), question, { headers: {}, timeoutMs: ASK_MS }));
    } catch (error) {
      if (isUnanswered(error)) return undefined;
      throw error;
    }
  };

export const logProviders: Provider[] = [
  {
    provide: KeptChunks,
    inject: [BLOBS],
    useFactory: (blobs: Blobs) => new KeptChunks(blobs.of(mechanic.name)),
  },
  LogRows,
  {
    provide: LogReader,
    inject: [LogRows, KeptChunks, BUS],
    useFactory: ({ jobs, chunks }: LogRows, kept: KeptChunks, bus: Bus) =>
      new LogReader({ jobs, chunks, kept, ask: askWorker(bus) }),
  },
  {
    provide: LogLocator,
    inject: [LogReader, KeptChunks],
    useFactory: (reader: LogReader, kept: KeptChunks) => new LogLocator(reader, kept),
  },
  LogAccess,
  LogStream,
  Artifacts,
  ArtifactFiles,
  JobBlobs,
  LogUpkeep,
];
