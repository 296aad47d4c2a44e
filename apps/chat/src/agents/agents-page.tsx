// Agents: who answers right now, and how the machine under them is.
import { usePartsIn } from '../mcp/parts.js';
import { Icon } from '../ui/icon.js';
import { FailureNotice, Notice, Waiting } from '../ui/notice.js';
import { AgentCard } from './agent-card.js';
import { HealthPanel } from './health-panel.js';
import type { Health, Manifest } from './manifest.js';
import { type Live, useLive } from './use-live.js';
import { useReadiness } from './use-readiness.js';

const TOOLS = { manifest: 'librarian_get_agent_manifest', health: 'mechanic_get_system_health' } as const;

export function AgentsPage() {
  const parts = usePartsIn(TOOLS);
  const changed = useReadiness();
  const manifest = useLive<Manifest>(TOOLS.manifest, parts.has('manifest'), changed);
  const health = useLive<Health>(TOOLS.health, parts.has('health'), changed);
  const refresh = () => {
    manifest.refresh();
    health.refresh();
  };
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Agents</h1>
          <Summary manifest={manifest} />
        </div>
        <button type="button" className="button" onClick={refresh} aria-busy={manifest.busy}>
          <Icon name="refresh" />
          Refresh
        </button>
      </div>
      {parts.has('manifest') ? (
        <AgentList manifest={manifest} />
      ) : (
        <Notice title="You cannot see the agents with this sign-in.">
          <p>
            The tool <code>{TOOLS.manifest}</code> is not among yours.
          </p>
        </Notice>
      )}
      {parts.has('health') && (
        <section className="section" aria-labelledby="health-title">
          <h2 id="health-title">Health</h2>
          {health.failure && <FailureNotice failure={health.failure} />}
          {health.value && <HealthPanel health={health.value} />}
          {!health.value && !health.failure && <Waiting label="Measuring…" lines={4} />}
        </section>
      )}
    </div>
  );
}

function Summary({ manifest }: { manifest: Live<Manifest> }) {
  const { value, at } = manifest;
  if (!value || at === undefined) return <p className="muted">Asking every agent…</p>;
  const up = value.agents.filter((agent) => agent.status === 'up').length;
  return (
    <p className="muted">
      {up} of {value.agents.length} up, asked at {new Date(at).toLocaleTimeString()}. Asked again as soon as one comes
      or goes.
    </p>
  );
}

function AgentList({ manifest }: { manifest: Live<Manifest> }) {
  const { value, failure, at } = manifest;
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Asking every agent…" lines={6} />}
      {value && (
        <ul className="agents" aria-label="Agents">
          {value.agents.map((agent) => (
            <AgentCard key={agent.name} agent={agent} nowMs={at ?? 0} />
          ))}
        </ul>
      )}
    </>
  );
}
