// When each alert of a lab must fire, as series that Prometheus would have seen, and the same when all is well. A test fails for
// an alert that has no case.

export interface AlertCase {
  /** What makes it fire, by minutes: `0+60x30` grows by 60 in each of 30. */
  readonly bad: Readonly<Record<string, string>>;
  /** The same lab when all is well. */
  readonly well: Readonly<Record<string, string>>;
}

const JOB = 'job="labmesh",instance="127.0.0.1:3000"';
const one = (name: string, labels: string, values: string): Record<string, string> => ({
  [`${name}{${JOB}${labels === '' ? '' : `,${labels}`}}`]: values,
});
const calls = (agent: string, outcome: string, perMinute: number) =>
  one('labmesh_calls_total', `agent="${agent}",tool="a_tool",outcome="${outcome}"`, `0+${perMinute}x60`);
/** Of 100 calls a minute, so many within a second, the others within a minute. */
const timed = (quick: number): Record<string, string> => ({
  ...one('labmesh_call_duration_seconds_bucket', 'agent="curator",tool="a_tool",le="1"', `0+${quick}x60`),
  ...one('labmesh_call_duration_seconds_bucket', 'agent="curator",tool="a_tool",le="60"', '0+100x60'),
  ...one('labmesh_call_duration_seconds_bucket', 'agent="curator",tool="a_tool",le="+Inf"', '0+100x60'),
});
const disk = (available: string): Record<string, string> => ({
  ...one('labmesh_disk_total_bytes', 'place="blobs"', '1000x60'),
  ...one('labmesh_disk_available_bytes', 'place="blobs"', available),
});
const gauge = (name: string, labels: string, bad: string, well: string): AlertCase => ({
  bad: one(name, labels, bad),
  well: one(name, labels, well),
});

export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  LabMeshDown: gauge('up', '', '0x60', '1x60'),
  LabMeshTargetDown: gauge('up', '', '0x60', '1x60'),
  LabMeshRestarts: gauge('process_start_time_seconds', '', '0+5x60', '5x60'),
  LabMeshFilesNearlyAllOpen: {
    bad: { ...one('process_open_fds', '', '90x60'), ...one('process_max_fds', '', '100x60') },
    well: { ...one('process_open_fds', '', '20x60'), ...one('process_max_fds', '', '100x60') },
  },
  LabMeshAgentSilent: gauge('labmesh_agent_instances', 'agent="curator"', '0x60', '1x60'),
  LabMeshCircuitOpen: gauge('labmesh_agent_circuit', 'agent="curator"', '2x60', '0x60'),
  LabMeshCallsFail: {
    bad: { ...calls('curator', 'ok', 90), ...calls('curator', 'unavailable', 10) },
    // What is refused, and what fails once in a night, is nobody's trouble.
    well: {
      ...calls('curator', 'ok', 50),
      ...calls('curator', 'forbidden', 50),
      ...one('labmesh_calls_total', 'agent="architect",tool="a_tool",outcome="internal"', '0x30 1x30'),
    },
  },
  LabMeshCallsSlow: { bad: timed(90), well: timed(100) },
  LabMeshLoopSlow: gauge('nodejs_eventloop_lag_p99_seconds', '', '0.8x60', '0.03x60'),
  LabMeshAuditBacklog: gauge('labmesh_audit_lag_seconds', '', '120x60', '0.02x60'),
  LabMeshAuditLost: gauge('labmesh_audit_dropped_total', '', '0x30 5x30', '0x60'),
  LabMeshEventsStuck: gauge('labmesh_outbox_oldest_event_seconds', 'agent="chancellor"', '900x60', '0x60'),
  LabMeshDiskNearlyFull: { bad: disk('40x60'), well: disk('400x60') },
  LabMeshJobsWait: gauge('labmesh_oldest_waiting_job_seconds', '', '0+60x60', '30x60'),
  LabMeshNodeGone: {
    bad: { ...one('labmesh_nodes', 'state="gone"', '1x60'), ...one('labmesh_jobs', 'state="waiting"', '3x60') },
    // A machine that was taken away, and nobody misses it.
    well: { ...one('labmesh_nodes', 'state="gone"', '1x60'), ...one('labmesh_jobs', 'state="waiting"', '0x60') },
  },
  LabMeshGpuMemoryStuck: gauge('labmesh_gpu_processes_left', '', '2x60', '0x60'),
  LabMeshQuotaReached: {
    bad: one('labmesh_calls_total', 'agent="curator",tool="submit_dataset",outcome="quota_exceeded"', '0x30 3x30'),
    well: calls('curator', 'ok', 50),
  },
};

/** How long the series last, minutes. */
const MINUTES = 45;

/** promtool's own form of a test: each alert alone, in both cases. */
export function ruleTests(rulesFile: string): object {
  const test = (series: AlertCase['bad'], alert: string, fires: boolean): object => ({
    name: `${alert} ${fires ? 'fires' : 'is silent'}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
        eval_time: `${MINUTES}m`,
        exp_samples: fires ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  });
  return {
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: Object.entries(ALERT_CASES).flatMap(([alert, { bad, well }]) => [
      test(bad, alert, true),
      test(well, alert, false),
    ]),
  };
}
