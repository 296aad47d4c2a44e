// The lab's wallets, in the order in which they were opened, page after page.
import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { TOOLS } from '../views.js';

const PAGE = 50;

export interface Wallet {
  readonly walletId: string;
  readonly role: string;
  readonly label: string | null;
  readonly status: 'open' | 'frozen' | 'closed';
  readonly createdAt: string;
}

interface Answer {
  readonly wallets: readonly Wallet[];
  readonly nextCursor?: string;
}

const NOTHING: Answer = { wallets: [] };

export function useWallets(filter: { role: string; status: string }) {
  const { connection } = useLab();
  const [answer, setAnswer] = useState(NOTHING);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(true);
  const { role, status } = filter;
  const ask = useCallback(
    async (earlier: Answer, signal?: AbortSignal) => {
      setBusy(true);
      const input = {
        limit: PAGE,
        ...(role === '' ? {} : { role }),
        ...(status === '' ? {} : { status }),
        ...(earlier.nextCursor === undefined ? {} : { cursor: earlier.nextCursor }),
      };
      const outcome = await callFor<Answer>(connection, { name: TOOLS.wallets, input, ...(signal ? { signal } : {}) });
      if (signal?.aborted) return;
      setBusy(false);
      if (!outcome.ok) return setFailure(outcome.failure);
      setFailure(undefined);
      setAnswer({ ...outcome.value, wallets: [...earlier.wallets, ...outcome.value.wallets] });
    },
    [connection, role, status],
  );
  useEffect(() => {
    const controller = new AbortController();
    void ask(NOTHING, controller.signal);
    return () => controller.abort();
  }, [ask]);
  const changed = (walletId: string, to: Wallet['status']) =>
    setAnswer((now) => ({
      ...now,
      wallets: now.wallets.map((wallet) => (wallet.walletId === walletId ? { ...wallet, status: to } : wallet)),
    }));
  return { ...answer, failure, busy, fetchMore: () => void ask(answer), changed };
}
