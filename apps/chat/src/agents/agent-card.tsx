// One agent: whether it answers, since when, how fast, and its tools.

import { useLab } from '../mcp/lab.js';
import { toolHref } from '../route.js';
import { type AgentEntry, formatAge, formatMs } from './manifest.js';

/** A state in words and colour; colour alone tells nobody enough. */
export const StatusPill = (props: { up: boolean; text: string; testId?: string }) => (
  <span className={props.up ? 'pill pill-good' : 'pill pill-bad'} data-testid={props.testId}>
    {props.text}
  </span>
);

export function AgentCard({ agent, nowMs }: { agent: AgentEntry; nowMs: number }) {
  const id = `agent-${agent.name}-title`;
  return (
    <li className="card agent" data-testid={`agent-${agent.name}`} aria-labelledby={id}>
      <div className="agent-head">
        <h2 id={id}>{agent.title}</h2>
        <StatusPill up={agent.status === 'up'} text={agent.status} testId={`agent-${agent.name}-status`} />
      </div>
      <p className="agent-description">{agent.description}</p>
      <dl className="figures">
        <Figure name="Replicas" value={String(agent.instances)} />
        <Figure name="Latency" value={agent.latencyMs === null ? '–' : formatMs(agent.latencyMs)} />
        <Figure name="Up for" value={agent.startedAt === null ? '–' : formatAge(agent.startedAt, nowMs)} />
        <Figure name="Version" value={agent.version ?? '–'} />
      </dl>
      <AgentTools agent={agent} />
    </li>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div className="figure">
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function AgentTools({ agent }: { agent: AgentEntry }) {
  const { tools } = useLab();
  const mine = new Set(tools.map((tool) => tool.name));
  const count = agent.tools.length;
  return (
    <details className="agent-tools">
      <summary>
        {count} {count === 1 ? 'tool' : 'tools'}
      </summary>
      <ul>
        {agent.tools.map((tool) => {
          const name = mine.has(tool.name) ? tool.name : `${agent.name}_${tool.name}`;
          return (
            <li key={tool.name}>
              {mine.has(name) ? <a href={toolHref(name)}>{tool.title}</a> : <span className="muted">{tool.title}</span>}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
