// The door of @labmesh/bus: request/reply and events over NATS or in process.

export { AppErrorFilter } from './app-error-filter.js';
export type { Bus, BusHeaders, RequestOptions, Responder, ScatterOptions, Transport, TransportOptions } from './bus.js';
export { headersOf } from './call-headers.js';
export { Cancellation, type CancelSignal } from './cancellation.js';
export { MESSAGE_MAX_BYTES } from './json-copy.js';
export { isUnanswered } from './rejections.js';
export { Slab } from './slab.js';
export type { EventLog, EventLogOptions, KeyValue, KeyValueEntry, KeyValueOptions, LoggedEvent } from './store.js';
export { createTransport } from './transport.js';
