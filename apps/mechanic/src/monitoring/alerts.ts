// The alerts of a lab: when each fires, what it means, what to do. Each asks only for metrics that every process of a lab tells.
import type { Wanted } from './wanted.js';

export interface Alert {
  readonly name: string;
  readonly severity: 'warning' | 'critical';
  /** PromQL. */
  readonly expr: string;
  /** How long it must hold. */
  readonly forMinutes: number;
  /** One sentence; may name labels as `{{ $labels.agent }}`. */
  readonly meaning: string;
  readonly remedy: string;
}

/** What the lab itself did wrong: a refusal or wrong input is the caller's. */
const FAILURES = 'internal|unavailable|deadline_exceeded|upstream_failed';
/** These last as long as somebody listens or something runs: their time says nothing. */
const LONG_TOOLS = 'stream_logs|audit_log_stream';
/** Fewer calls than this in a window are no ratio. */
const CALLS_MIN = 20;

/** Of whatever Prometheus watches: a project's own processes as well. */
const ofProcesses = (job: string): Alert[] => [
  {
    name: 'Down',
    severity: 'critical',
    expr: `absent(up{job="${job}"} == 1)`,
    forMinutes: 2,
    meaning: 'Nothing of it answers a scrape.',
    remedy: 'See that its processes run and that Prometheus reaches their ports.',
  },
  {
    name: 'TargetDown',
    severity: 'critical',
    expr: `up{job="${job}"} == 0`,
    forMinutes: 2,
    meaning: '{{ $labels.instance }} does not answer a scrape.',
    remedy: 'Look at the log of that process; start it again when it has ended.',
  },
  {
    name: 'Restarts',
    severity: 'warning',
    expr: `changes(process_start_time_seconds{job="${job}"}[30m]) > 2`,
    forMinutes: 0,
    meaning: '{{ $labels.instance }} has started more than twice in half an hour.',
    remedy: 'The last lines of its log before each start say why it ended.',
  },
  {
    name: 'FilesNearlyAllOpen',
    severity: 'warning',
    expr: `process_open_fds{job="${job}"} / process_max_fds{job="${job}"} > 0.8`,
    forMinutes: 10,
    meaning: '{{ $labels.instance }} has more than 80 % of the files and sockets open that it may.',
    remedy: 'Raise its limit (ulimit -n, LimitNOFILE), and see who keeps so many connections.',
  },
];

/** Of the lab's agents, as callers see them. */
const ofAgents = (job: string, { errorRatio, callSeconds }: Wanted['thresholds']): Alert[] => [
  {
    name: 'AgentSilent',
    severity: 'critical',
    expr: `max by (agent) (labmesh_agent_instances{job="${job}"}) == 0`,
    forMinutes: 2,
    meaning: 'No process of the agent {{ $labels.agent }} is heard: its tools are refused.',
    remedy: 'Start it; mechanic_get_system_health says whether anything else is missing.',
  },
  {
    name: 'CircuitOpen',
    severity: 'warning',
    expr: `max by (agent) (labmesh_agent_circuit{job="${job}"}) == 2`,
    forMinutes: 5,
    meaning: 'Calls to {{ $labels.agent }} were not answered, so callers are refused at once.',
    remedy: 'Look at its log and load. mechanic_automated_recovery closes the circuits once it answers.',
  },
  {
    name: 'CallsFail',
    severity: 'critical',
    expr:
      `sum by (agent) (rate(labmesh_calls_total{job="${job}",outcome=~"${FAILURES}"}[10m])) / sum by (agent) (rate(labmesh_calls_total{job="${job}"}[10m])) > ${errorRatio}` +
      ` and sum by (agent) (increase(labmesh_calls_total{job="${job}"}[10m])) >= ${CALLS_MIN}`,
    forMinutes: 5,
    meaning: 'More calls of {{ $labels.agent }} fail by the lab’s doing than may: {{ $value | humanizePercentage }}.',
    remedy:
      'The log of its processes has a line with the cause of each; sentinel_audit_log_stream has who called what.',
  },
  {
    name: 'CallsSlow',
    severity: 'warning',
    expr: `histogram_quantile(0.99, sum by (agent, le) (rate(labmesh_call_duration_seconds_bucket{job="${job}",tool!~"${LONG_TOOLS}"}[10m]))) > ${callSeconds}`,
    forMinutes: 10,
    meaning: 'One call of {{ $labels.agent }} in a hundred takes longer than {{ $value | humanizeDuration }}.',
    remedy: 'See its processor time, event loop and database; add a replica when it is only busy.',
  },
  {
    name: 'LoopSlow',
    severity: 'warning',
    expr: `nodejs_eventloop_lag_p99_seconds{job="${job}"} > 0.5`,
    forMinutes: 10,
    meaning:
      '{{ $labels.instance }} leaves its callers waiting for {{ $value | humanizeDuration }} before it looks at them.',
    remedy: 'It has too much to do at once: give it more of a core, or run more replicas.',
  },
];

/** Of what is kept: records, events, files. */
const ofRecords = (job: string, { auditLagSeconds, diskFreeRatio }: Wanted['thresholds']): Alert[] => [
  {
    name: 'AuditBacklog',
    severity: 'critical',
    expr: `labmesh_audit_lag_seconds{job="${job}"} > ${auditLagSeconds}`,
    forMinutes: 2,
    meaning:
      '{{ $labels.instance }} has audit records that the Sentinel has not taken for {{ $value | humanizeDuration }}.',
    remedy: 'See that the Sentinel and the bus run: what changes something waits for its record.',
  },
  {
    name: 'AuditLost',
    severity: 'critical',
    expr: `increase(labmesh_audit_dropped_total{job="${job}"}[1h]) > 0`,
    forMinutes: 0,
    meaning: '{{ $labels.instance }} gave up audit records: the log has a gap.',
    remedy: 'Write down when, and find why the Sentinel was away; the log of the process has the number.',
  },
  {
    name: 'EventsStuck',
    severity: 'warning',
    expr: `max by (agent) (labmesh_outbox_oldest_event_seconds{job="${job}"}) > 300`,
    forMinutes: 5,
    meaning: 'Events of {{ $labels.agent }} are not published: the oldest waits for {{ $value | humanizeDuration }}.',
    remedy: 'See that the bus stores events (JetStream has room), and the agent’s log.',
  },
  {
    name: 'DiskNearlyFull',
    severity: 'critical',
    expr: `labmesh_disk_available_bytes{job="${job}"} / labmesh_disk_total_bytes{job="${job}"} < ${diskFreeRatio}`,
    forMinutes: 10,
    meaning:
      'The {{ $labels.place }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} of its disk left.',
    remedy: 'Withdraw datasets and artefacts that nobody needs, or give it a larger disk.',
  },
  {
    name: 'QuotaReached',
    severity: 'warning',
    expr: `sum by (agent) (increase(labmesh_calls_total{job="${job}",outcome="quota_exceeded"}[1h])) > 0`,
    forMinutes: 0,
    meaning: 'Wallets were refused at {{ $labels.agent }} because they have used up their quota.',
    remedy: 'Let them withdraw files, or raise LABMESH_FILE_QUOTA for their role.',
  },
];

/** Of jobs and the machines that run them; every replica of the Mechanic tells the same. */
const ofWork = (job: string, { queueAgeSeconds }: Wanted['thresholds']): Alert[] => [
  {
    name: 'JobsWait',
    severity: 'warning',
    expr: `max(labmesh_oldest_waiting_job_seconds{job="${job}"}) > ${queueAgeSeconds}`,
    forMinutes: 5,
    meaning: 'A job that may start has waited for {{ $value | humanizeDuration }}.',
    remedy: 'mechanic_why_pending says what it lacks; add a worker where it is room.',
  },
  {
    name: 'NodeGone',
    severity: 'critical',
    expr: `max(labmesh_nodes{job="${job}",state="gone"}) > 0 and max(labmesh_jobs{job="${job}",state="waiting"}) > 0`,
    forMinutes: 5,
    meaning: '{{ $value }} machines that ran jobs are gone, while jobs wait.',
    remedy: 'mechanic_list_nodes names them. Start their workers again.',
  },
  {
    name: 'GpuMemoryStuck',
    severity: 'warning',
    expr: `max(labmesh_gpu_processes_left{job="${job}"}) > 0`,
    forMinutes: 5,
    meaning: '{{ $value }} processes hold GPU memory for attempts that have ended.',
    remedy: 'mechanic_automated_recovery ends them; mechanic_get_system_health names them.',
  },
];

/** The alerts for what is wanted, named for it. */
export function alertsFor({ job, project, thresholds }: Wanted): Alert[] {
  const alerts =
    project === undefined
      ? [...ofProcesses(job), ...ofAgents(job, thresholds), ...ofRecords(job, thresholds), ...ofWork(job, thresholds)]
      : ofProcesses(job);
  const prefix = project === undefined ? 'LabMesh' : 'Project';
  return alerts.map((alert) => ({ ...alert, name: `${prefix}${alert.name}` }));
}
