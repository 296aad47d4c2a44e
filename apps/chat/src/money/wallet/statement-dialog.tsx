// A wallet's entries as a file to keep: CSV or JSON, all that the filters show, however many pages they are.
import { useEffect, useRef, useState } from 'react';
import { saveBlob } from '../../data/dataset/save-file.js';
import type { Failure } from '../../failure.js';
import { type Connection, callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { OneOf } from '../../ui/one-of.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../views.js';
import { type HistoryFilter, isNarrowed, wantedBy } from './entry.js';
import { type StatementFormat, wholeStatement } from './statement.js';

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

interface Page {
  readonly entries: number;
  readonly content: string;
  readonly nextAfter?: string;
}

interface Asked {
  readonly input: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly onEntries: (count: number) => void;
}

async function fetchPages(connection: Connection, { input, signal, onEntries }: Asked) {
  const contents: string[] = [];
  let after: string | undefined;
  let count = 0;
  do {
    const asked = { ...input, ...(after === undefined ? {} : { after }) };
    const answer = await callFor<Page>(connection, { name: TOOLS.statement, input: asked, signal });
    if (!answer.ok) return { ok: false, failure: answer.failure } as const;
    contents.push(answer.value.content);
    count += answer.value.entries;
    onEntries(count);
    after = answer.value.nextAfter;
  } while (after !== undefined);
  return { ok: true, contents } as const;
}

export function StatementDialog({ walletId, filter, onClose }: StatementDialogProps) {
  const { connection } = useLab();
  const [format, setFormat] = useState<StatementFormat>('csv');
  const [count, setCount] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);
  const save = async () => {
    const controller = new AbortController();
    current.current = controller;
    setBusy(true);
    setFailure(undefined);
    const input = { walletId, format, ...wantedBy(filter) };
    const pages = await fetchPages(connection, { input, signal: controller.signal, onEntries: setCount });
    if (controller.signal.aborted) return;
    setBusy(false);
    if (!pages.ok) return setFailure(pages.failure);
    const blob = new Blob([wholeStatement(pages.contents, format)], { type: TYPES[format] });
    saveBlob(blob, `${walletId}-${filter.account}.${format}`);
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
      {count !== undefined && (
        <p className="muted" role="status" data-testid="statement-count">
          {plural(count, 'transaction')} {busy ? 'so far…' : 'saved.'}
        </p>
      )}
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
