// Clients with wallets of their own, each with a credential and passes, who pay over the bus as a gateway would.
import { readFile } from 'node:fs/promises';
import type { startProcess } from '@labmesh/agent';
import { type Bus, callHeaders } from '@labmesh/bus';
import { toolSubject } from '@labmesh/contracts';
import { Authenticator } from '@labmesh/endpoint';
import { BUS, newId } from '@labmesh/runtime';
import { OperatorAccount } from '@labmesh/sentinel';

export type Running = Awaited<ReturnType<typeof startProcess>>;

export const CLIENTS = 8;
const CALL_MS = 30_000;
const ENROLLED_WITHIN_MS = 20_000;

export interface Payer {
  readonly walletId: string;
  readonly payee: string;
  ask(tool: string, input: object): Promise<unknown>;
}

/** Asks the Chancellor as whoever the credential is of. */
export function asker(
  lab: Running,
  credential: string,
): (tool: string, input: object, agent?: string) => Promise<unknown> {
  const bus = lab.get<Bus>(BUS);
  const authenticator = lab.get<Authenticator>(Authenticator);
  return async (tool, input, agent = 'chancellor') => {
    const pass = await authenticator.passFor(credential, agent);
    const headers = callHeaders({ callId: newId(), deadline: Date.now() + CALL_MS, pass });
    return await bus.request(toolSubject(agent, tool), input, { headers, timeoutMs: CALL_MS });
  };
}

export const operatorOf = async (lab: Running) =>
  asker(lab, (await readFile(lab.get<OperatorAccount>(OperatorAccount).tokenPath, 'utf8')).trim());

/** Each has a wallet with money in it, and pays the next one. */
export async function payers(lab: Running): Promise<Payer[]> {
  const operator = await operatorOf(lab);
  await enrolled(operator);
  const made = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const { walletId } = (await operator('create_boilerplate_wallet', { role: 'citizen' })) as { walletId: string };
      const { token } = (await operator('generate_wallet_token', { walletId }, 'sentinel')) as { token: string };
      await operator('execute_transaction', { to: walletId, amount: '1000', idempotencyKey: newId() });
      return { walletId, ask: asker(lab, token) };
    }),
  );
  return made.map((one, place) => ({ ...one, payee: made[(place + 1) % CLIENTS]?.walletId ?? '' }));
}

/** The operator's wallet is opened, and has its money, by an event. */
async function enrolled(operator: (tool: string, input: object) => Promise<unknown>): Promise<void> {
  for (const until = Date.now() + ENROLLED_WITHIN_MS; Date.now() < until; ) {
    const shown = await operator('get_balance', { limit: 0 }).catch(() => undefined);
    if (shown !== undefined && (shown as { balance: string }).balance !== '0.00') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the operator’s wallet was not opened');
}

/** Payments a second, when each client sends the next as soon as the one before is answered; `size` in a batch. */
export async function perSecond(clients: readonly Payer[], size: number, seconds: number): Promise<number> {
  const started = performance.now();
  const until = started + seconds * 1_000;
  let paid = 0;
  await Promise.all(
    clients.map(async ({ ask, payee }) => {
      while (performance.now() < until) {
        const transfers = Array.from({ length: size }, () => ({
          to: payee,
          amount: '0.000001',
          idempotencyKey: newId(),
        }));
        if (size === 1) await ask('execute_transaction', transfers[0] ?? {});
        else {
          const { posted } = (await ask('execute_batch', { transfers })) as { posted: number };
          if (posted !== size) throw new Error(`only ${posted} of ${size} were posted`);
        }
        paid += size;
      }
    }),
  );
  return (paid * 1_000) / (performance.now() - started);
}
