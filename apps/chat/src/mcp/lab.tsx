// Gives every page the connection and the caller's tools. Connects once per sign-in and closes when it ends.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { type Failure, toFailure } from '../failure.js';
import { pause } from '../live/pause.js';
import { type LabFetch, labFetch } from '../session/lab-fetch.js';
import type { Session } from '../session/session.js';
import { describeSession } from '../session/session-store.js';
import { FailureNotice, Waiting } from '../ui/notice.js';
import { connect } from './connect.js';
import { type Connection, callFor, type ToolInfo } from './connection.js';

export interface Lab {
  readonly connection: Connection;
  readonly tools: readonly ToolInfo[];
  readonly session: Session;
  /** For what does not go by MCP: files, and streams of events. */
  readonly fetch: LabFetch;
}

type State =
  | { readonly status: 'connecting' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'ready'; readonly connection: Connection; readonly tools: readonly ToolInfo[] };

interface LabState {
  readonly state: State;
  readonly retry: () => void;
  readonly session: Session;
  readonly fetch: LabFetch;
}

const LabContext = createContext<LabState | undefined>(undefined);

function useLabState(): LabState {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('the lab is asked for outside of LabProvider');
  return lab;
}

/** Inside of LabReady only. */
export function useLab(): Lab {
  const { state, session, fetch } = useLabState();
  if (state.status !== 'ready') throw new Error('useLab is called outside of LabReady');
  const { connection, tools } = state;
  return { connection, tools, session, fetch };
}

/** The caller's tools; none while they are not known yet. */
export function useTools(): readonly ToolInfo[] {
  const { state } = useLabState();
  return state.status === 'ready' ? state.tools : NO_TOOLS;
}

const NO_TOOLS: readonly ToolInfo[] = [];

const WHO = 'chancellor_get_balance';
const WHO_MS = 1_000;

/** A pasted client key says nothing about its wallet: the lab does, if the caller may ask it. */
async function learnWho(connection: Connection, tools: readonly ToolInfo[], session: Session): Promise<void> {
  if ((session.walletId && session.role) || !tools.some((tool) => tool.name === WHO)) return;
  const answer = await callFor<{ walletId: string; role: string }>(connection, { name: WHO, input: { limit: 0 } });
  if (answer.ok) describeSession(session.id, { walletId: answer.value.walletId, role: answer.value.role });
}

/** Opens the connection of a sign-in; another one or `retry` opens a new one, a renewed token does not. */
function useConnection(session: Session, fetch: LabFetch): { state: State; retry: () => void } {
  const [state, setState] = useState<State>({ status: 'connecting' });
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(session);
  latest.current = session;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is there to run it again
  useEffect(() => {
    const over = new AbortController();
    let open: Connection | undefined;
    const start = async () => {
      const connection = await connect({ fetch });
      if (over.signal.aborted) return connection.close();
      open = connection;
      const tools = await connection.listTools();
      if (over.signal.aborted) return;
      // Who it is goes before what is theirs is asked for; what cannot say so soon keeps nobody from the rest.
      await Promise.race([learnWho(connection, tools, latest.current), pause(WHO_MS, over.signal)]);
      if (over.signal.aborted) return;
      setState({ status: 'ready', connection, tools });
    };
    setState({ status: 'connecting' });
    start().catch(
      (thrown: unknown) => over.signal.aborted || setState({ status: 'failed', failure: toFailure(thrown) }),
    );
    return () => {
      over.abort();
      void open?.close();
    };
  }, [fetch, attempt]);
  return { state, retry: () => setAttempt((count) => count + 1) };
}

export function LabProvider({ session, children }: { session: Session; children: ReactNode }) {
  const fetch = useMemo(() => labFetch(session.id), [session.id]);
  const { state, retry } = useConnection(session, fetch);
  return <LabContext value={{ state, retry, session, fetch }}>{children}</LabContext>;
}

/** What needs the connection: until it is there, how far it is. */
export function LabReady({ children }: { children: ReactNode }) {
  const { state, retry } = useLabState();
  if (state.status === 'connecting') return <Waiting label="Connecting to the lab…" />;
  if (state.status === 'ready') return children;
  return (
    <FailureNotice failure={state.failure}>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </FailureNotice>
  );
}
