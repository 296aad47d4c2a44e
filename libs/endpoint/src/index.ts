// The door of @labmesh/endpoint: MCP over HTTP, mounted by the gateway and by each agent.
export { Admission } from './callers/admission.js';
export { Authenticator, bearerOf } from './callers/authenticator.js';
export { CallerDoor, type KnownCaller } from './callers/caller-door.js';
export { scopeWith, type ToolScope } from './callers/toolset-scope.js';
export { ToolCalls } from './calls/tool-calls.js';
export { withPass } from './calls/with-pass.js';
export { Catalogue } from './catalogue/catalogue.js';
export { type ListedTool, type Naming, plain, prefixed } from './catalogue/listing.js';
export { ChangeFeed, type Changes } from './change-feed.js';
export { ENDPOINT_HOST, type EndpointHost, endpointHost, endpointHostModule } from './endpoint-host.js';
export { mountEndpoint } from './mount.js';
export { Announcer } from './presence/announcer.js';
export { Reach } from './presence/reach.js';
export { eventLogOf } from './sessions/session-events.js';
export { recordsOf } from './sessions/session-store.js';
export { UPLOAD_KEPT_MS, UPLOAD_LOCK_MS, uploadLedger, uploadLocks } from './upload-stores.js';
export { wantsGzip } from './wire/gzipped.js';
export { readJsonBody } from './wire/json-body.js';
