// Things on their way into the lab, one after the other: a file goes up in pieces, then a tool takes it in and tells how far it is.
import { useCallback, useEffect, useRef, useState } from 'react';
import { CANCELLED, LEFT, uploadFile } from '../../data/submit/upload.js';
import { type Failure, toFailure, toolFailure } from '../../failure.js';
import type { Connection, ProgressUpdate } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { tokenOf } from '../../session/session-store.js';

export interface Parcel {
  /** What people know it by. */
  readonly name: string;
  readonly tool: string;
  /** Goes up first; its `uploadId` joins the input. */
  readonly file?: File;
  readonly input: Readonly<Record<string, unknown>>;
}

export type DeliveryState<T> =
  | { readonly status: 'waiting' }
  | { readonly status: 'sending'; readonly sent: number; readonly total: number }
  /** All of it is there; the lab works on it. */
  | { readonly status: 'taken'; readonly told?: ProgressUpdate }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'done'; readonly value: T };

export interface Delivery<T> {
  readonly name: string;
  readonly state: DeliveryState<T>;
}

export interface Deliveries<T> {
  readonly deliveries: readonly Delivery<T>[];
  readonly running: boolean;
  /** Answers how many arrived. */
  readonly deliver: (parcels: readonly Parcel[]) => Promise<number>;
  readonly cancel: () => void;
  readonly clear: () => void;
}

export function useDeliveries<T>(): Deliveries<T> {
  const { connection, session } = useLab();
  const [deliveries, setDeliveries] = useState<readonly Delivery<T>[]>([]);
  const [running, setRunning] = useState(false);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(LEFT), []);
  const deliver = useCallback(
    async (parcels: readonly Parcel[]) => {
      const controller = new AbortController();
      current.current = controller;
      const { signal } = controller;
      setRunning(true);
      setDeliveries(parcels.map(({ name }) => ({ name, state: { status: 'waiting' } })));
      let arrived = 0;
      for (const [place, parcel] of parcels.entries()) {
        const onState = (state: DeliveryState<T>) =>
          setDeliveries((now) => now.map((each, at) => (at === place ? { ...each, state } : each)));
        const token = () => tokenOf(session.id) ?? '';
        const end = await deliverOne<T>(parcel, { connection, token, signal, onState });
        onState(end);
        if (end.status === 'done') arrived += 1;
      }
      setRunning(false);
      return arrived;
    },
    [connection, session.id],
  );
  const cancel = useCallback(() => current.current?.abort(), []);
  const clear = useCallback(() => setDeliveries([]), []);
  return { deliveries, running, deliver, cancel, clear };
}

interface Way<T> {
  readonly connection: Connection;
  readonly token: () => string;
  readonly signal: AbortSignal;
  readonly onState: (state: DeliveryState<T>) => void;
}

async function deliverOne<T>(parcel: Parcel, way: Way<T>): Promise<DeliveryState<T>> {
  const { connection, token, signal, onState } = way;
  const cancelled: DeliveryState<T> = { status: 'failed', failure: CANCELLED };
  if (signal.aborted) return cancelled;
  const { file } = parcel;
  let input = parcel.input;
  if (file) {
    onState({ status: 'sending', sent: 0, total: file.size });
    const onBytes = (sent: number) => signal.aborted || onState({ status: 'sending', sent, total: file.size });
    const uploaded = await uploadFile(file, { token, signal, onBytes });
    if (!uploaded.ok) return { status: 'failed', failure: uploaded.failure };
    input = { ...input, uploadId: uploaded.uploadId };
  }
  onState({ status: 'taken' });
  try {
    const onProgress = (told: ProgressUpdate) => signal.aborted || onState({ status: 'taken', told });
    const result = await connection.callTool(parcel.tool, input, { signal, onProgress });
    if (result.isError) return { status: 'failed', failure: toolFailure(result) };
    return { status: 'done', value: result.structuredContent as T };
  } catch (thrown) {
    return signal.aborted ? cancelled : { status: 'failed', failure: toFailure(thrown) };
  }
}
