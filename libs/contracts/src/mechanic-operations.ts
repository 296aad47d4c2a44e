// The Mechanic's tools for whoever runs the lab: how it is, and what watches it. Part of the contract in mechanic.ts.

import { z } from 'zod';
import { blobLink } from './blob-links.js';
import { defineTool } from './tool.js';
import { Timestamp } from './values.js';

const Status = z.enum(['up', 'down']);
const Check = z.object({
  status: Status,
  kind: z.string(),
  latencyMs: z.number().nullable(),
  message: z.string().nullable(),
});

const health = defineTool({
  title: 'Health of the lab',
  description:
    'Services, latency, circuits, database, queue, bus, jobs, nodes, CPU, memory, disks and GPUs, measured now; what is not right, with what to do. Also as Prometheus text.',
  keywords: [
    'is everything running',
    'status, down, slow',
    'disk full',
    'monitoring',
    'p99 latency',
    'what holds gpu memory',
    'is the lab healthy',
    'does everything work',
    'why is the lab so slow',
    'is something broken',
    'uptime',
    'is the server or lab down',
    'why is everything so slow today',
    'is the database alive',
    'problems of the lab',
  ],
  effect: 'read',
  everyday: true,
  permission: 'health:read',
  input: z.object({}),
  output: z.object({
    status: z.enum(['healthy', 'degraded']),
    at: Timestamp,
    services: z.array(
      z.object({ name: z.string(), status: Status, instances: z.number().int(), latencyMs: z.number().nullable() }),
    ),
    database: Check,
    queue: Check.extend({
      waiting: z.number().int().nullable(),
      active: z.number().int().nullable(),
      failed: z.number().int().nullable(),
    }),
    bus: Check,
    cpu: z.object({
      cores: z.number().int(),
      load1m: z.number().describe('Runnable processes, average of one minute'),
      usedRatio: z.number().describe('Share of all cores in use over the last seconds, 0 to 1'),
    }),
    memory: z.object({
      totalBytes: z.number(),
      availableBytes: z.number(),
      processBytes: z.number().describe('Resident set of this process'),
    }),
    disk: z.object({ path: z.string(), totalBytes: z.number(), availableBytes: z.number() }),
    gpus: z.array(
      z.object({
        index: z.number().int(),
        name: z.string(),
        memoryTotalBytes: z.number(),
        memoryUsedBytes: z.number(),
        utilizationRatio: z.number().nullable(),
        temperatureC: z.number().nullable(),
      }),
    ),
    reasons: z
      .array(
        z.object({
          part: z.string().describe('What is not right, such as service:curator or disk:blobs'),
          severity: z.enum(['warning', 'critical']).describe('critical: status is degraded'),
          message: z.string(),
          advice: z.string().describe('What to do'),
        }),
      )
      .describe('Everything that is not right, the worst first'),
    latency: z
      .array(
        z.object({
          name: z.string().describe('An agent, or mcp for whole requests at an endpoint'),
          calls: z.int(),
          failed: z.int().describe('By the lab’s doing'),
          p50Ms: z.number(),
          p95Ms: z.number(),
          p99Ms: z.number(),
        }),
      )
      .describe('Of the last 5 minutes, in all processes together, to within 5 %; what streams is left out'),
    circuits: z
      .array(
        z.object({ process: z.string(), host: z.string(), agent: z.string(), state: z.enum(['open', 'half_open']) }),
      )
      .describe('Those that are not closed'),
    disks: z.array(
      z.object({
        host: z.string(),
        place: z.enum(['home', 'blobs']),
        path: z.string(),
        processes: z.array(z.string()),
        totalBytes: z.number(),
        availableBytes: z.number(),
      }),
    ),
    jobs: z
      .object({
        waiting: z.int(),
        starting: z.int(),
        running: z.int(),
        oldestWaitingSeconds: z.number().nullable().describe('Of those that may start'),
      })
      .nullable(),
    nodes: z.array(
      z.object({
        node: z.string(),
        state: z.enum(['ready', 'draining', 'drained', 'gone']),
        placed: z.int().describe('Attempts that wait there for a worker'),
        oldestPlacedSeconds: z.number().nullable(),
        running: z.int(),
        workers: z.array(
          z.object({
            worker: z.string(),
            leaseAgeSeconds: z.number().describe('Since its last sign of life'),
            leaseLeftSeconds: z.number().describe('Negative: it is over'),
          }),
        ),
        notes: z.array(z.string()).describe('What its machine does not permit, and why'),
      }),
    ),
    gpuProcesses: z.array(
      z.object({
        host: z.string(),
        node: z.string().nullable(),
        gpu: z.int().nullable(),
        pid: z.int(),
        program: z.string(),
        memoryBytes: z.number().nullable(),
        jobId: z.string().nullable(),
        attempt: z.int().nullable(),
        of: z.enum(['job', 'gone', 'other']).describe('gone: of an attempt that has ended; other: not of this lab'),
      }),
    ),
    prometheus: z.string().describe('The same figures in Prometheus text format'),
  }),
  errors: [],
  timeoutMs: 10_000,
});

/** `host:port`, an IPv6 address in brackets. Nothing else: no path, no user, no password. */
const Address = z
  .string()
  .max(300)
  .regex(
    /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?):\d{1,5}$/i,
    'must look like host:port, such as 127.0.0.1:3000',
  )
  .refine(hasPort, 'has a port that does not exist: 1 to 65535');
const HostName = z
  .string()
  .regex(/^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/i, 'must be a host name, such as gateway or gateway.lab.svc');
const FilePath = z
  .string()
  .regex(/^\/[^\p{Cc}]{1,300}$/u, 'must be an absolute path on Prometheus’ own machine, such as /etc/prometheus/token');

function hasPort(address: string): boolean {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  return port >= 1 && port <= 65_535;
}

/** When an alert fires. What is left out keeps its default, which fits a lab of some dozens of people. */
export const ALERT_THRESHOLDS = {
  errorRatio: 0.05,
  callSeconds: 5,
  queueAgeSeconds: 900,
  diskFreeRatio: 0.1,
  auditLagSeconds: 60,
} as const;
const Ratio = z.number().gt(0).lt(1);
const Seconds = z.number().gt(0).max(86_400);

const prometheus = defineTool({
  title: 'A Prometheus configuration',
  description:
    'Scrape configuration and alert rules to watch the lab, or a project’s processes. Secrets are named by file.',
  keywords: [
    'monitoring setup',
    'alert rules',
    'grafana dashboard',
    'scrape metrics',
    'alertmanager',
    'tell me when something breaks',
    'send an alert',
    'dashboards',
    'observability',
  ],
  effect: 'write',
  idempotent: true,
  brief: [
    'project',
    'targets',
    'dnsNames',
    'namespace',
    'caFile',
    'tokenFile',
    'alertmanagers',
    'rulesFile',
    'thresholds',
    'grafanaUrl',
  ],
  permission: 'health:read',
  input: z.object({
    project: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and dashes, such as flare-forecast')
      .optional()
      .describe('Watch its processes, not the lab’s'),
    discovery: z.enum(['static', 'dns', 'kubernetes']).default('static'),
    targets: z.array(Address).min(1).max(200).optional().describe('static: host:port of each, else the lab’s own'),
    dnsNames: z.array(HostName).min(1).max(50).optional().describe('dns: else those of the lab’s apps'),
    port: z.int().min(1).max(65_535).default(3_000).describe('dns: of each'),
    namespace: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
      .default('labmesh')
      .describe('kubernetes'),
    scheme: z.enum(['http', 'https']).optional(),
    caFile: FilePath.optional().describe('For https'),
    tokenFile: FilePath.optional().describe('Bearer token for a proxy'),
    alertmanagers: z.array(Address).max(10).default([]).describe('host:port of each'),
    rulesFile: z
      .string()
      .regex(/^[\w./-]{1,200}\.ya?ml$/)
      .default('labmesh-rules.yml')
      .describe('Its name'),
    scrapeSeconds: z.int().min(1).max(300).default(15),
    thresholds: z
      .object({
        errorRatio: Ratio.default(ALERT_THRESHOLDS.errorRatio),
        callSeconds: Seconds.default(ALERT_THRESHOLDS.callSeconds).describe('p99 of an agent'),
        queueAgeSeconds: Seconds.default(ALERT_THRESHOLDS.queueAgeSeconds),
        diskFreeRatio: Ratio.default(ALERT_THRESHOLDS.diskFreeRatio),
        auditLagSeconds: Seconds.default(ALERT_THRESHOLDS.auditLagSeconds),
      })
      .prefault({})
      .describe('When alerts fire'),
    grafanaUrl: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .refine(isPlainAddress, 'must hold no user, password, question mark or #')
      .optional()
      .describe('For links'),
    files: z.boolean().default(false).describe('Also as files to download, for a day'),
  }),
  output: z.object({
    config: z.string().describe('prometheus.yml'),
    rules: z.string().describe('The file that the configuration names'),
    rulesFile: z.string(),
    alerts: z.array(
      z.object({
        name: z.string(),
        severity: z.enum(['warning', 'critical']),
        meaning: z.string(),
        remedy: z.string(),
      }),
    ),
    dashboard: z
      .object({ uid: z.string(), file: z.string(), url: z.string().nullable() })
      .nullable()
      .describe('For Grafana, of the lab; null for a project'),
    notes: z.array(z.string()).describe('What to do with them'),
    files: z.array(blobLink('prometheus.yml or the rules')).describe('Where they were asked for'),
  }),
  errors: [],
  timeoutMs: 5_000,
});

function isPlainAddress(text: string): boolean {
  const { username, password, search, hash } = new URL(text);
  return username === '' && password === '' && search === '' && hash === '';
}

const operationTools = { get_system_health: health, generate_prometheus_yaml: prometheus };

/** What calls these tools alone need not make the schemas of all others. */
export const mechanicOperations = { name: 'mechanic', tools: operationTools } as const;
