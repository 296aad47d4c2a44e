// The door of @labmesh/jobs: what the Mechanic and its workers share.
export { jobMark, MARK_VARIABLE, type Marked } from './care/attempt-mark.js';
export { endMarked, type GpuProcess, gpuProcesses } from './care/gpu-processes.js';
export { NodeAnswer, NodeQuestion, nodeCareController } from './care/node-care.js';
export type {
  AttemptEnd,
  AttemptLog,
  AttemptToRun,
  Executor,
  ExecutorReport,
  RunningAttempt,
  Usage,
} from './executor.js';
export { JobLogs, LogAnswer, LogQuestion } from './log/job-logs.js';
export { KeptChunks } from './log/kept-chunks.js';
export { LogChunks } from './log/log-chunks.repository.js';
export { LogLocator, type StreamChoice } from './log/log-locator.js';
export { LogNews } from './log/log-news.js';
export { bytesOfPiece, cutPiece, type PlacedPiece } from './log/log-pieces.js';
export { logQuestionsController } from './log/log-questions.js';
export { LOOK_MS, LogReader } from './log/log-reader.js';
export type { LogWriter } from './log/log-writer.js';
export { type LoggedJob, LoggedJobs } from './log/logged-jobs.repository.js';
export { type GpuFigures, measureGpus } from './machine/gpus.js';
export { type JobNotice, readNotice, tellJobs } from './notices.js';
export { type Choice, choose, type JobQuota, type View } from './placement/choosing.js';
export { emptyRoom, fit, type Load, type Room } from './placement/fitting.js';
export { lacking, type Needs, needsOf, permits } from './placement/permits.js';
export { type Placed, Placement } from './placement/placement.repository.js';
export type { Missing } from './placement/waiting-job.js';
export { AttemptQueues, type PlacedAttempt, type QueueCounts, type Taking } from './queue/attempt-queues.js';
export { type ArrayRow, JobArrays } from './rows/arrays.repository.js';
export {
  AttemptRows,
  type Changed,
  type ClaimedAttempt,
  type EndOfAttempt,
  type FileOfJob,
  type Mine,
} from './rows/attempts.repository.js';
export { type JobFilter, JobPages, type PlaceInList } from './rows/job-pages.repository.js';
export {
  type AttemptRow,
  type JobRow,
  type JobSummaryRow,
  type OfArray,
  ofArrayOf,
  type RunOfArray,
  type WholeJob,
} from './rows/job-row.js';
export { JobRows } from './rows/jobs.repository.js';
export { type Inserted, isPlain, type NewRun, type NewWork, type Prices } from './rows/new-job.js';
export { type NodeRow, NodeRows, type NodeSize } from './rows/nodes.repository.js';
export { type Standing, Sweep } from './rows/sweep.repository.js';
export { WorkerRows } from './rows/workers.repository.js';
