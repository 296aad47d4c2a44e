// The door of @labmesh/runtime: one process of the lab, whatever runs in it.
export { type CallEnd, callRecordOf, durationSince } from './audit/call-record.js';
export { CallRecorder } from './audit/call-recorder.js';
export { Receipts } from './audit/receipts.js';
export { boundedCache } from './bounded-cache.js';
export {
  blobsFolder,
  DEFAULT_HOME,
  databaseFolder,
  folderWarning,
  GATEWAY_PORT,
  LAB_CONFIG,
  type LabConfig,
  readLabConfig,
} from './config.js';
export { globalModule } from './global-module.js';
export { discardBody, readBody } from './http/body.js';
export { callIdOf } from './http/call-id.js';
export { FailedAttempts, networkOf } from './http/failed-attempts.js';
export { HttpFront, sendJson } from './http/http-front.js';
export { letRun } from './http/incoming-bodies.js';
export { readiness } from './http/readiness.js';
export { newId } from './ids.js';
export { BUS } from './injection-tokens.js';
export { Lifecycle } from './lifecycle.js';
export { DEFAULT_LIMITS, type LimitSettings } from './limit-settings.js';
export { createLogger, LOGGER, type Logger, nestLogger } from './log.js';
export { LoggedErrors } from './logged-errors.js';
export { createMetrics, LIMITS, type LimitName, METRICS, type Metrics } from './metrics.js';
export { observedBus } from './observed-bus.js';
export { Readings } from './readings.js';
export { outOfStep, RecurringWork } from './recurring-work.js';
export { redactSecrets, TAKEN_OUT } from './redaction.js';
export { ResourceChange, ResourceChanges } from './resource-changes.js';
export { type ProcessBase, type RuntimeServices, runtimeModule, runtimeServices } from './runtime.module.js';
export { modelsFolder, ProcessScoring } from './scoring/process-scoring.js';
export type { ScoringFigures } from './scoring/scoring-state.js';
export { type DiskFigures, measureDisk } from './state/disk.js';
export { ProcessState, type StateOfProcess } from './state/process-state.js';
export {
  percentile,
  type Ranges,
  RECENT_MINUTES,
  RecentCalls,
  type RecentFigures,
  sumOfRanges,
} from './state/recent-calls.js';
export { type Rate, TokenBucket } from './token-bucket.js';
export { ATTRIBUTES, callAttributes, methodLabel } from './tracing/conventions.js';
export { processTracing } from './tracing/process-tracer.js';
export { parseTrace, type TraceContext, type TraceHeaders } from './tracing/trace-context.js';
export { type Hop, SPAN_KIND, Tracer } from './tracing/tracer.js';
export { setUpCollector } from './young-calls.js';
