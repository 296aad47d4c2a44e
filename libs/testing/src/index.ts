// The door of @labmesh/testing: real servers, child processes, clients, and how the programs beside the tests are run. Imported by tests and benches only.
export { Child, type ChildOptions } from './child.js';
export { runProgram } from './command-line.js';
export { freePort } from './free-port.js';
export { growthOf } from './growth.js';
export { connectLab, type Era, type LabClient } from './lab-client.js';
export { type CollectedSpan, type Collector, otlpCollector } from './otlp-collector.js';
export { type RawEvent, type RawMessage, RawSession, RawStream } from './raw-session.js';
export { answers, natsServer, postgresDatabase, redisServer, type TestServer, temporaryFolder } from './servers.js';
