// The door of @labmesh/bus: request/reply and events over NATS or in process.

export { AppErrorFilter } from './app-error-filter.js';
export type {
  Bus,
  BusHeaders,
  KeptStores,
  RequestOptions,
  Responder,
  ScatterOptions,
  Transport,
  TransportOptions,
} from './bus.js';
export {
  type CallHeaders,
  type CarriedTrace,
  callHeaders,
  callIdIn,
  decodeAnswers,
  fromAnswer,
  headersOf,
  type OutgoingCall,
  type Receipted,
  readCallHeaders,
  toAnswer,
  withTrace,
} from './call-headers.js';
export { Cancellation, type CancelSignal } from './cancellation.js';
export { MESSAGE_MAX_BYTES } from './json-copy.js';
export { appsOf, type Rights, rightsOf, servingApps } from './nats/rights.js';
export { natsServerConfig, newNatsSeed } from './nats/server-config.js';
export { isUnanswered } from './rejections.js';
export { Slab } from './slab.js';
export type { EventLog, EventLogOptions, KeyValue, KeyValueEntry, KeyValueOptions, LoggedEvent } from './store.js';
export * from './subjects.js';
export { createTransport } from './transport.js';
