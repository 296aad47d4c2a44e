// A wallet's entries as a file to keep: CSV or JSON, all that the filters show, however many pages they are.
import { useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { fetchBytes } from '../../data/dataset/fetch-bytes.js';
import { saveBlob } from '../../data/dataset/save-file.js';
import type { Failure } from '../../failure.js';
import { type Connection, callFor, type Outcome } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { OneOf } from '../../ui/one-of.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../views.js';
import { type HistoryFilter, isNarrowed, wantedBy } from './entry.js';

const FORMATS = [
  { name: 'csv', label: 'CSV' },
  { name: 'json', label: 'JSON' },
] as const;
const TYPES = { csv: 'text/csv', json: 'application/json' } as const;

interface StatementDialogProps {
  readonly walletId: string;
  readonly filter: HistoryFilter;
  readonly onClose: () => void;
}

interface Statement {
  readonly entries: number;
  readonly content?: string;
  readonly nextAfter?: string;
  readonly link?: { readonly blobId: string; readonly bytes: number };
  readonly sha256?: string;
}

/** Where it fits into an answer it is there; else the lab makes a file of it. */
async function whole(connection: Connection, input: object, signal: AbortSignal): Promise<Outcome<Statement>> {
  const ask = (more: object) =>
    callFor<Statement>(connection, { name: TOOLS.statement, input: { ...input, ...more }, signal });
  const page = await ask({});
  return page.ok && page.value.nextAfter !== undefined ? ask({ as: 'link' }) : page;
}

async function bytesOf(
  { content = '', link, sha256 = '' }: Statement,
  format: keyof typeof TYPES,
  fetching: Parameters<typeof fetchBytes>[1],
): Promise<Outcome<Blob>> {
  const type = TYPES[format];
  if (!link) return { ok: true, value: new Blob([content], { type }) };
  const bytes = await fetchBytes({ link, dataset: { bytes: link.bytes, sha256 } }, fetching);
  return bytes.ok ? { ok: true, value: new Blob([bytes.value], { type }) } : bytes;
}

export function StatementDialog({ walletId, filter, onClose }: StatementDialogProps) {
  const { connection, fetch } = useLab();
  const [format, setFormat] = useState<'csv' | 'json'>('csv');
  const [said, setSaid] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const current = useRef<AbortController>(null);
  const onBytes = (came: number) => setSaid(`${formatBytes(came)} so far…`);
  useEffect(() => () => current.current?.abort(), []);
  const save = async () => {
    const controller = new AbortController();
    current.current = controller;
    setBusy(true);
    setFailure(undefined);
    setSaid(undefined);
    const { signal } = controller;
    const statement = await whole(connection, { walletId, format, ...wantedBy(filter) }, signal);
    const file = statement.ok ? await bytesOf(statement.value, format, { fetch, signal, onBytes }) : statement;
    if (signal.aborted) return;
    setBusy(false);
    if (!file.ok || !statement.ok) return setFailure(file.ok ? undefined : file.failure);
    setSaid(`${plural(statement.value.entries, 'transaction')} saved.`);
    saveBlob(file.value, `${walletId}-${filter.account}.${format}`);
  };
  return (
    <QuestionDialog
      title="Statement"
      testId="statement"
      action="Save the file"
      busy={busy}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <p>
        {isNarrowed(filter)
          ? 'The transactions that fit the filters of the history'
          : 'Every transaction of this wallet'}
        , oldest first, with the balance after each.
      </p>
      <OneOf
        legend="Format of the file"
        group="statement-format"
        choices={FORMATS}
        chosen={format}
        onChosen={(name) => setFormat(name === 'json' ? 'json' : 'csv')}
      />
      {said && (
        <p className="muted" role="status" data-testid="statement-said">
          {said}
        </p>
      )}
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
