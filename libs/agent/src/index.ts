// The door of @labmesh/agent: from a Nest module to an agent, and from an agent to a process.
export { AgentClients } from './agent-clients.js';
export { agentModule } from './agent-module.js';
export { packCursor, unpackCursor } from './cursor.js';
export { type HandlerFactory, handlersOf, together } from './handler-parts.js';
export { pageByName } from './page-by-name.js';
export { runAgent, runUntilSignal } from './run.js';
export { type RunningProcess, startProcess } from './start-process.js';
export { type TakeData, takingData } from './taking-data.js';
