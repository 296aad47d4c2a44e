// The machines that run jobs: how full they are, what they permit, and what a second of them costs.

import { Meter } from '../../agents/meter.js';
import { useAsking } from '../../mcp/use-asking.js';
import { useFollowed } from '../../mcp/use-followed.js';
import { CURRENCY } from '../../money/amount.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { megabytesText, type Node, type Nodes } from '../job.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

/** The address behind which they are. */
const ALL = 'nodes://all';
const LOOKS = {
  ready: 'pill pill-good',
  draining: 'badge badge-write',
  drained: 'badge badge-read',
  gone: 'pill pill-bad',
} as const;

export function MachinesView() {
  const { value, failure, refresh } = useFollowed<Nodes>(TOOLS.nodes, {}, { uris: [ALL] });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Machines</h1>
          {value && (
            <p className="muted">
              A second of a CPU costs {value.prices.cpuSecond} {CURRENCY}, of a GPU {value.prices.gpuSecond}, of a GB of
              memory {value.prices.gbSecond}.
            </p>
          )}
        </div>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the machines…" lines={6} />}
      {value?.nodes.length === 0 && (
        <div className="nothing">
          <p>No machine runs jobs yet.</p>
          <p className="muted">Start a worker on one.</p>
        </div>
      )}
      <ul className="node-list" data-testid="nodes">
        {value?.nodes.map((node) => (
          <NodeCard key={node.node} node={node} onChanged={refresh} />
        ))}
      </ul>
    </>
  );
}

const used = ({ total, free }: { total: number; free: number }): number => (total === 0 ? 0 : (total - free) / total);

function NodeCard({ node, onChanged }: { node: Node; onChanged: () => void }) {
  const parts = useParts();
  const { cpus, memoryMb, gpus } = node;
  return (
    <li className="card node-card">
      <div className="node-head">
        <h2>{node.node}</h2>
        <span className={LOOKS[node.state]}>{node.state}</span>
      </div>
      {node.reason !== null && <p className="muted">{node.reason}</p>}
      <Meter name="CPUs" ratio={used(cpus)} detail={`${cpus.free} of ${cpus.total} free`} />
      <Meter
        name="Memory"
        ratio={used(memoryMb)}
        detail={`${megabytesText(memoryMb.free)} of ${megabytesText(memoryMb.total)} free`}
      />
      {gpus.total > 0 && <Meter name="GPUs" ratio={used(gpus)} detail={`${gpus.free} of ${gpus.total} free`} />}
      <p className="muted">
        {plural(node.running, 'job')} on it, {plural(node.workers, 'worker')}
      </p>
      <dl className="record-entries">
        {node.executors.map(({ kind, version, enforced, notes }) => (
          <div key={kind} className="record-entry">
            <dt>{kind}</dt>
            <dd>
              {version} memory by {enforced.memory}, CPUs by {enforced.cpus}, network by {enforced.network}
              {notes.map((note) => (
                <span key={note} className="muted node-note">
                  {note}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {parts.has('drain') && <DrainButton node={node} onChanged={onChanged} />}
    </li>
  );
}

function DrainButton({ node: { node, state }, onChanged }: { node: Node; onChanged: () => void }) {
  const { busy, failure, ask } = useAsking();
  const resume = state === 'draining' || state === 'drained';
  const send = async () => {
    if (await ask(TOOLS.drain, { node, resume })) onChanged();
  };
  return (
    <div>
      {failure && <FailureNotice failure={failure} />}
      <button
        type="button"
        className="button button-small"
        data-testid={`drain-${node}`}
        disabled={busy}
        onClick={() => void send()}
      >
        {resume ? 'Use it again' : 'Start nothing here any more'}
      </button>
    </div>
  );
}
