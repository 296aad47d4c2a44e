// Makes a route, or changes one: its name, the agent it leads to, and what it takes.
import { type ReactNode, useId, useState } from 'react';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { type Route, wordsIn } from './route.js';
import { useSetRoute } from './use-routes.js';

interface RouteDialogProps {
  /** Undefined for a new one. */
  readonly route: Route | undefined;
  readonly agents: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

interface Typed {
  readonly name: string;
  readonly to: string;
  readonly topics: string;
  readonly sources: string;
  readonly columns: string;
  readonly packets: boolean;
}

const typedOf = (route: Route | undefined, agents: readonly string[]): Typed => ({
  name: route?.name ?? '',
  to: route?.to ?? agents[0] ?? '',
  topics: route?.match.topics?.join(', ') ?? '',
  sources: route?.match.sources?.join(', ') ?? '',
  columns: route?.match.columns?.join(', ') ?? '',
  packets: route?.match.packets ?? false,
});

export function RouteDialog({ route, agents, onDone, onClose }: RouteDialogProps) {
  const { busy, failure, set } = useSetRoute(onDone);
  const [typed, setTyped] = useState(() => typedOf(route, agents));
  const put = (change: Partial<Typed>) => setTyped({ ...typed, ...change });
  const save = () => {
    const { name, to, packets } = typed;
    const [topics, sources, columns] = [typed.topics, typed.sources, typed.columns].map(wordsIn);
    void set({ routeId: route?.routeId, name: name.trim(), to, match: { topics, sources, columns, packets } });
  };
  const words = (field: 'topics' | 'sources' | 'columns', label: string, hint: string) => (
    <Labelled label={label}>
      {(id) => (
        <input
          id={id}
          className="input"
          data-testid={`route-${field}`}
          placeholder={hint}
          maxLength={2_000}
          autoComplete="off"
          value={typed[field]}
          onChange={(event) => put({ [field]: event.target.value })}
        />
      )}
    </Labelled>
  );
  return (
    <QuestionDialog
      title={route ? 'Change the route' : 'New route'}
      testId="route-dialog"
      action={route ? 'Change it' : 'Make it'}
      busy={busy}
      disabled={typed.name.trim() === '' || typed.to === ''}
      onSubmit={save}
      onClose={onClose}
    >
      <Labelled label="Name">
        {(id) => (
          <input
            id={id}
            className="input"
            data-testid="route-name"
            maxLength={120}
            autoComplete="off"
            value={typed.name}
            onChange={(event) => put({ name: event.target.value })}
          />
        )}
      </Labelled>
      <AgentChoice to={typed.to} agents={agents} onTo={(to) => put({ to })} />
      {words('topics', 'About one of these topics', 'any topic')}
      {words('sources', 'From one of these sources', 'any source, such as nasa-donki')}
      {words('columns', 'With all these columns', 'any columns')}
      <label className="route-packets">
        <input
          type="checkbox"
          data-testid="route-packets"
          checked={typed.packets}
          onChange={(event) => put({ packets: event.target.checked })}
        />{' '}
        Also packets that agents send without storing them
      </label>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

interface AgentChoiceProps {
  readonly to: string;
  readonly agents: readonly string[];
  readonly onTo: (to: string) => void;
}

const AgentChoice = ({ to, agents, onTo }: AgentChoiceProps) => (
  <Labelled label="The agent that is given the data">
    {(id) => (
      <select id={id} className="input" data-testid="route-to" value={to} onChange={(event) => onTo(event.target.value)}>
        {[...new Set([to, ...agents])]
          .filter((agent) => agent !== '')
          .map((agent) => (
            <option key={agent} value={agent}>
              {agent}
            </option>
          ))}
      </select>
    )}
  </Labelled>
);

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {children(id)}
    </div>
  );
}
