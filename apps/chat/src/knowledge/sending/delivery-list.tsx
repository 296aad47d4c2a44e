// How far each thing is on its way into the lab, and what became of it.
import type { ReactNode } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Delivery, DeliveryState } from './use-deliveries.js';

interface DeliveryListProps<T> {
  readonly label: string;
  readonly deliveries: readonly Delivery<T>[];
  readonly outcomeOf: (value: T) => ReactNode;
}

export function DeliveryList<T>({ label, deliveries, outcomeOf }: DeliveryListProps<T>) {
  if (deliveries.length === 0) return null;
  return (
    <ol className="deliveries" aria-label={label} aria-live="polite" data-testid="deliveries">
      {deliveries.map(({ name, state }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and none moves
        <li key={place} className="card delivery" data-state={state.status}>
          <p className="delivery-name">{name}</p>
          <DeliveryShown name={name} state={state} outcomeOf={outcomeOf} />
        </li>
      ))}
    </ol>
  );
}

interface DeliveryShownProps<T> {
  readonly name: string;
  readonly state: DeliveryState<T>;
  readonly outcomeOf: (value: T) => ReactNode;
}

function DeliveryShown<T>({ name, state, outcomeOf }: DeliveryShownProps<T>) {
  switch (state.status) {
    case 'waiting':
      return <p className="muted">waits for those before it</p>;
    case 'sending':
      return (
        <>
          <progress className="progress" aria-label={`Sending ${name}`} value={state.sent} max={state.total} />
          <p className="muted">
            {formatBytes(state.sent)} of {formatBytes(state.total)}
          </p>
        </>
      );
    case 'taken': {
      const { progress, total, message } = state.told ?? {};
      const far = progress !== undefined && total !== undefined ? { value: progress, max: total } : {};
      return (
        <>
          <progress className="progress" aria-label={`The lab takes ${name} in`} {...far} />
          <p className="muted">{message ?? 'The lab looks at it'}</p>
        </>
      );
    }
    case 'failed':
      return <FailureNotice failure={state.failure} />;
    case 'done':
      return outcomeOf(state.value);
    default:
      return state satisfies never;
  }
}
