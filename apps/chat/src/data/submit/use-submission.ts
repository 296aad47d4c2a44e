// One submission at a time: a file goes inline, or up in pieces when it is large, an address is the lab's to fetch; then it becomes a
// dataset or a version.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { tokenOf } from '../../session/session-store.js';
import type { Card } from '../dataset.js';
import { contentOf } from './chosen-file.js';
import { CANCELLED, LEFT, uploadFile } from './upload.js';

/** Larger files go up beside the call, where they can be watched and stopped, and go on when the line breaks. */
const INLINE_MAX = 1_024 * 1_024;

export type SubmissionState =
  | { readonly status: 'idle' }
  | { readonly status: 'sending'; readonly sent: number; readonly total: number }
  /** All bytes are there; the lab reads them. */
  | { readonly status: 'reading' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'done'; readonly card: Card };

export interface Submitted {
  readonly tool: string;
  /** A file, or an address that the lab fetches. */
  readonly from: File | string;
  readonly format: string;
  /** The tool's other arguments. */
  readonly input: Readonly<Record<string, unknown>>;
}

export function useSubmission() {
  const { connection, session } = useLab();
  const [state, setState] = useState<SubmissionState>({ status: 'idle' });
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(LEFT), []);

  const run = useCallback(
    async ({ tool, from, format, input }: Submitted) => {
      const controller = new AbortController();
      current.current = controller;
      const { signal } = controller;
      const settle = (next: SubmissionState) => setState(signal.aborted ? { status: 'failed', failure: CANCELLED } : next);
      let data: Readonly<Record<string, unknown>>;
      if (typeof from === 'string') data = { url: from };
      else if (from.size <= INLINE_MAX) data = await contentOf(from, format);
      else {
        setState({ status: 'sending', sent: 0, total: from.size });
        const token = () => tokenOf(session.id) ?? '';
        const onBytes = (sent: number) => signal.aborted || setState({ status: 'sending', sent, total: from.size });
        const uploaded = await uploadFile(from, { token, signal, onBytes });
        if (!uploaded.ok) return settle({ status: 'failed', failure: uploaded.failure });
        data = { uploadId: uploaded.uploadId };
      }
      if (signal.aborted) return settle({ status: 'idle' });
      setState({ status: 'reading' });
      const outcome = await callFor<Card>(connection, { name: tool, input: { ...input, format, ...data }, signal });
      settle(outcome.ok ? { status: 'done', card: outcome.value } : { status: 'failed', failure: outcome.failure });
    },
    [connection, session.id],
  );
  const cancel = useCallback(() => current.current?.abort(), []);
  return { state, run, cancel };
}
