// What a client of the 2025 eras sees of a wallet that it follows, at any address of a gateway.
import { type LabClient, type RawMessage, RawSession } from '@labmesh/testing';
import type { Lab } from './lab-under-test.js';

export const walletUri = (walletId: string): string => `wallet://${walletId}`;

export const isUpdate = ({ method }: RawMessage): boolean => method === 'notifications/resources/updated';

export const openSession = (url: string, token: string, version = '2025-11-25'): Promise<RawSession> =>
  RawSession.open(`${url}/mcp`, { version, capabilities: {}, token });

export interface Person {
  readonly walletId: string;
  readonly token: string;
}

export async function newcomer(operator: LabClient, role = 'citizen'): Promise<Person> {
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', { role });
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
  return { walletId, token };
}

/** Money for somebody: their wallet changes. */
export const pay = async (operator: LabClient, to: string): Promise<void> => {
  await operator.call('chancellor_execute_transaction', { to, amount: '1.00', idempotencyKey: crypto.randomUUID() });
};

/** A call that goes on telling until it is given up: it follows the audit log. */
export const followLog = (session: RawSession, id: string) =>
  session.stream(
    'tools/call',
    {
      name: 'sentinel_audit_log_stream',
      arguments: { followSeconds: 60, limit: 100 },
      _meta: { progressToken: 'told' },
    },
    id,
  );

export const isProgress = ({ method }: RawMessage): boolean => method === 'notifications/progress';

/** Each wallet’s follower hears of its own wallet, and of no other's, in both eras. */
export async function followersOf(lab: Lab, operator: LabClient) {
  const [ada, ben] = [await newcomer(operator), await newcomer(operator)];
  const heard = { ada: [] as string[], ben: [] as string[] };
  const listen = async (name: 'ada' | 'ben', { token }: Person) => {
    const client = await lab.connect(token, { era: '2026-07-28' });
    client.client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard[name].push(params.uri);
    });
    const resourceSubscriptions = [ada, ben].map(({ walletId }) => walletUri(walletId));
    const listening = await client.client.listen({ resourceSubscriptions });
    return { client, listening };
  };
  return { ada, ben, heard, listen };
}
