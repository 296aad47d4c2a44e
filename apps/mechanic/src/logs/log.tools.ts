// The Mechanic's tools for logs and artefacts: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, mechanicParts } from '@labmesh/contracts';
import { ArtifactFiles } from './artifact-files.js';
import { LogStream } from './log-stream.js';

export const logTools = handlersOf(
  [LogStream, ArtifactFiles],
  (logs, files): Handlers<typeof mechanicParts.logs> => ({
    stream_logs: (input, call) => logs.stream(input, call),
    list_artifacts: (input, call) => files.list(input, call),
    get_artifact: (input, call) => files.get(input, call),
  }),
);
