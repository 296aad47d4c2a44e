// An agent's clients have the tools that its contract says it needs; others do not compile.
import { chancellor, curator, type sentinel } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { AgentClients } from './agent-clients.js';

it('types what is declared, and nothing else', () => {
  const clients = new AgentClients<typeof sentinel>(
    { request: () => Promise.reject(new Error('not asked')) },
    'sentinel',
  );
  const call = {} as Parameters<typeof clients.of>[1];
  const wallets = clients.of(chancellor, call);
  expect(typeof wallets.get_wallet).toBe('function');
  // @ts-expect-error the Sentinel does not declare that it moves money
  void wallets.execute_transaction;
  // @ts-expect-error nor that it calls the Curator at all
  void clients.of(curator, call).fetch_dataset;
  // An agent whose contract is not known to the compiler is bound by its passes alone.
  const any = new AgentClients({ request: () => Promise.reject(new Error('not asked')) }, 'demo').of(chancellor, call);
  expect(typeof any.execute_transaction).toBe('function');
});
