// The door of @labmesh/testing: real servers, child processes, clients, and how the programs beside the tests are run. Imported by tests and benches only.
export { Child, type ChildOptions } from './child.js';
export { runProgram } from './command-line.js';
export { freePort } from './free-port.js';
export { type GitServer, gitIn, gitServer } from './git-server.js';
export { growthOf } from './growth.js';
export { type CallResult, connectLab, type Era, type LabClient, said } from './lab-client.js';
export { type CollectedSpan, type Collector, otlpCollector } from './otlp-collector.js';
export { packageSources } from './package-sources.js';
export { type RawEvent, type RawMessage, RawSession, RawStream } from './raw-session.js';
export { FULL, runs } from './runs.js';
export { type S3Server, s3Server } from './s3-server.js';
export {
  answers,
  natsServer,
  postgresDatabase,
  redisServer,
  type TestDatabase,
  type TestServer,
  temporaryFolder,
} from './servers.js';
