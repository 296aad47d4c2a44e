// A no-op tool and a list of 60 tools through the gateway, in both modes, against a bare node:http JSON server in turns.
import { atMost, type BenchResult, type Figure, type Floor, result, round } from '../report.js';
import type { Measured, Server } from './measure.js';
import {
  bareMeasured,
  type Lists,
  labMeasured,
  type MeshMeasured,
  meshMeasured,
  sdkMeasured,
  senderMeasured,
  startBare,
} from './setups.js';

/**
 * CPU per request in units of the bare server's: of everything in one process, of a gateway's process, of a list. For a list
 * that is not compressed they are those of a bare server that sends as many bytes: what these cost is the system's.
 */
const LAB_RATIO_MAX = 12;
const GATEWAY_RATIO_MAX = 5;
const LIST_RATIO_MAX = 3;
/** What the gateway adds to the agent's own median latency at concurrency 1, milliseconds. */
const ADDED_MS_MAX = 0.3;

/** Of its `at`th process, times the bare server's of the same turns. */
const ratio = ({ cpuMicros, bareMicros }: Measured, at = 0): number => (cpuMicros[at] ?? Number.NaN) / bareMicros;

const share = (measured: Measured, at = 0) => ({
  'CPU us/req': round(measured.cpuMicros[at] ?? Number.NaN),
  'x bare': round(ratio(measured, at)),
});

const row = (measured: Measured): Figure => ({
  ...measured.figure,
  values: { ...measured.figure.values, ...share(measured) },
});

const listRows = ({ compressed, plain }: Lists): Figure[] => [row(compressed), row(plain)];

const others = ({ call }: MeshMeasured): Figure[] => [
  { case: 'of the same calls: the agent’s process', values: share(call, 1) },
  { case: 'of the same calls: Sentinel’s process', values: share(call, 2) },
];

const listFloors = ({ compressed, plain }: Lists, sender: Measured): Floor[] => [
  atMost(`${compressed.figure.case}: CPU, times the bare server’s`, round(ratio(compressed)), LIST_RATIO_MAX),
  atMost(
    `${plain.figure.case}: CPU, times that of a bare server that sends as much`,
    round(ratio(plain) / ratio(sender)),
    LIST_RATIO_MAX,
  ),
];

export async function gatewayBench(): Promise<BenchResult> {
  const bare = await startBare();
  try {
    return await measured(bare);
  } finally {
    await bare.stop();
  }
}

async function measured(bare: Server): Promise<BenchResult> {
  const notes: string[] = [];
  const baseline = await bareMeasured(bare);
  const lab = await labMeasured(bare);
  const sender = await senderMeasured(lab.lists.plain.answerBytes, bare);
  const mesh = await meshMeasured(bare).catch((error: unknown) => {
    notes.push(
      `mesh not measured: it needs nats-server and PostgreSQL here (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)})`,
    );
    return undefined;
  });
  const floors: Floor[] = [
    atMost('lab: CPU per call, times the bare server’s', round(ratio(lab.call)), LAB_RATIO_MAX),
    ...listFloors(lab.lists, sender),
  ];
  if (mesh !== undefined)
    floors.push(
      atMost('mesh: the gateway’s CPU per call, times the bare server’s', round(ratio(mesh.call)), GATEWAY_RATIO_MAX),
      ...listFloors(mesh.lists, sender),
      atMost('mesh: what the gateway adds to the median latency, ms', round(mesh.addedMs), ADDED_MS_MAX),
    );
  const labRows = [row(lab.call), ...listRows(lab.lists)];
  const meshRows = mesh === undefined ? [] : [row(mesh.call), ...others(mesh), ...listRows(mesh.lists)];
  const figures = [row(baseline), row(sender), ...labRows, ...meshRows, ...(await sdkMeasured(bare)).map(row)];
  return result('gateway', figures, floors, notes);
}
