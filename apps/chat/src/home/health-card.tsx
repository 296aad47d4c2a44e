// How the lab is: the services it stands on, how many of its agents answer, and what its machine has left.
import { StatusPill } from '../agents/agent-card.js';
import { formatBytes, type Health, type Manifest, usedRatio } from '../agents/manifest.js';
import { Meter } from '../agents/meter.js';
import type { Answer } from '../mcp/use-answer.js';
import { formatTime } from '../ui/figures.js';
import { HomeCard } from './home-card.js';

interface HealthCardProps {
  readonly health: Answer<Health>;
  readonly agents: Answer<Manifest>;
}

export const HealthCard = ({ health, agents }: HealthCardProps) => (
  <HomeCard name="health" title="Health of the lab" more={{ href: '#/agents', label: 'Agents' }} answer={health}>
    {({ status, at, database, queue, bus, cpu, memory, disk }) => (
      <>
        <div className="home-health-head">
          <StatusPill up={status === 'healthy'} text={status} testId="home-health-status" />
          <span className="muted">as of {formatTime(at)}</span>
          <button
            type="button"
            className="button button-small"
            aria-busy={health.busy}
            onClick={() => {
              health.refresh();
              agents.refresh();
            }}
          >
            Look again
          </button>
        </div>
        <ul className="home-services">
          <Service name="Database" up={database.status === 'up'} />
          <Service name="Queue" up={queue.status === 'up'} />
          <Service name="Bus" up={bus.status === 'up'} />
          {agents.value && <AgentsUp manifest={agents.value} />}
        </ul>
        <Meter name="CPU" ratio={usedRatio(cpu.usedRatio, 1)} detail={`${cpu.cores} cores`} />
        <Meter
          name="Memory"
          ratio={usedRatio(memory.totalBytes - memory.availableBytes, memory.totalBytes)}
          detail={`${formatBytes(memory.availableBytes)} free`}
        />
        <Meter
          name="Disk"
          ratio={usedRatio(disk.totalBytes - disk.availableBytes, disk.totalBytes)}
          detail={`${formatBytes(disk.availableBytes)} free`}
        />
      </>
    )}
  </HomeCard>
);

const Service = ({ name, up }: { name: string; up: boolean }) => (
  <li>
    {name} <StatusPill up={up} text={up ? 'up' : 'down'} />
  </li>
);

function AgentsUp({ manifest: { agents } }: { manifest: Manifest }) {
  const up = agents.filter(({ status }) => status === 'up').length;
  return (
    <li data-testid="home-agents">
      Agents <StatusPill up={up === agents.length} text={`${up} of ${agents.length}`} />
    </li>
  );
}
