// Names the outbox table of an agent, quoted. The name goes into SQL as text, so it must never be anything but a plain word.
import { AppError } from '@labmesh/contracts';

export function outboxTable(agent: string): string {
  if (!/^[a-z][a-z_]{0,62}$/.test(agent)) {
    throw new AppError('internal', `Cannot name an outbox: "${agent}" is not an agent's name.`);
  }
  return `"${agent}".outbox`;
}
