// Takes a dataset along in any format, checked against its hash where the browser can. Another format than the stored one is made
// by the lab, as a dataset of whoever asks.
import { useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import type { Failure } from '../../failure.js';
import { callFor, type Outcome } from '../../mcp/connection.js';
import { type Lab, useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Card, Dataset, Page } from '../dataset.js';
import { endingOf, type FormatInfo, formatLabel, formatsIn } from '../submit/file-format.js';
import { TOOLS, takes } from '../views.js';
import { fetchBytes } from './fetch-bytes.js';
import { fileName, saveBlob } from './save-file.js';

interface State {
  readonly busy?: boolean;
  /** Bytes that came so far. */
  readonly came?: number;
  readonly failure?: Failure;
  readonly saved?: Dataset;
  readonly losses?: readonly Loss[];
}

/** What a format could not hold. */
interface Loss {
  readonly column: string;
  readonly what: string;
  readonly rows: number;
}

export function DownloadSection({ dataset, version }: { dataset: Dataset; version: number | undefined }) {
  const lab = useLab();
  const [format, setFormat] = useState(dataset.format);
  const [state, setState] = useState<State>({});
  const convert = lab.tools.find(({ name }) => name === TOOLS.convert);
  const others = formatsIn(convert?.inputSchema, 'to').filter((each) => each.format !== dataset.format);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);
  const choose = (next: string) => {
    setFormat(next);
    setState({});
  };
  /** @param lossless false: what the format cannot hold is left out, and told */
  const download = async (lossless: boolean) => {
    const controller = new AbortController();
    current.current = controller;
    setState({ busy: true });
    const onBytes = (came: number) => setState({ busy: true, came });
    const outcome = await saved(lab, { dataset, version, format, lossless, signal: controller.signal, onBytes });
    setState(outcome.ok ? outcome.value : { failure: outcome.failure });
  };
  return (
    <section className="card about-card" aria-label="Download">
      <h2>Take it along</h2>
      {others.length > 0 && <FormatChoice dataset={dataset} format={format} others={others} onFormat={choose} />}
      <button
        type="button"
        className="button button-main"
        data-testid="dataset-download"
        disabled={state.busy}
        aria-busy={state.busy}
        onClick={() => void download(true)}
      >
        Download {formatLabel(format)}
      </button>
      {state.busy && (
        <div className="download-progress">
          <progress
            className="progress"
            aria-label="Fetching the file"
            {...(state.came === undefined ? {} : { value: state.came, max: Math.max(state.came, dataset.bytes) })}
          />
          <button type="button" className="button button-small" onClick={() => current.current?.abort()}>
            Cancel
          </button>
        </div>
      )}
      {format !== dataset.format && !state.saved && (
        <p className="muted about-hint">The lab makes it, and keeps it as a dataset of yours.</p>
      )}
      <div role="status">
        {state.saved && <Saved dataset={state.saved} of={dataset} losses={state.losses ?? []} />}
      </div>
      {state.failure && (
        <FailureNotice failure={state.failure}>
          {state.failure.code === 'unsupported_format' && takes(lab.tools, 'convert', 'lossless') && (
            <button type="button" className="button" onClick={() => void download(false)}>
              Save it with the loss
            </button>
          )}
        </FailureNotice>
      )}
    </section>
  );
}

const Saved = ({ dataset, of, losses }: { dataset: Dataset; of: Dataset; losses: readonly Loss[] }) => (
  <>
  <p className="muted about-hint">
    Saved, {formatBytes(dataset.bytes)}.
    {dataset.datasetId !== of.datasetId && (
      <>
        {' '}
        It is also <a href={dataHref(dataset.datasetId)}>a dataset of yours</a>.
      </>
    )}
  </p>
  {losses.length > 0 && (
    <ul className="about-hint">
      {losses.map(({ column, what, rows }) => (
        <li key={`${column} ${what}`}>
          <span className="mono">{column}</span>: {what} ({plural(rows, 'row')})
        </li>
      ))}
    </ul>
  )}
  </>
);

interface FormatChoiceProps {
  readonly dataset: Dataset;
  readonly format: string;
  readonly others: readonly FormatInfo[];
  readonly onFormat: (format: string) => void;
}

const FormatChoice = ({ dataset, format, others, onFormat }: FormatChoiceProps) => (
  <select
    className="input"
    aria-label="Format of the file"
    data-testid="download-format"
    value={format}
    onChange={(event) => onFormat(event.target.value)}
  >
    <option value={dataset.format}>
      {formatLabel(dataset.format)}, as it is stored ({formatBytes(dataset.bytes)})
    </option>
    {others.map((each) => (
      <option key={each.format} value={each.format}>
        {each.label}
      </option>
    ))}
  </select>
);

interface Wanted {
  readonly dataset: Dataset;
  readonly version: number | undefined;
  readonly format: string;
  readonly lossless: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: (came: number) => void;
}

interface Made extends Card {
  readonly losses?: readonly Loss[];
}

/** @returns the dataset whose bytes are in the file, and what it lost */
async function saved({ connection, fetch }: Lab, wanted: Wanted): Promise<Outcome<State>> {
  const { dataset, version, format, lossless, signal, onBytes } = wanted;
  let losses: readonly Loss[] = [];
  let from: { datasetId: string; version?: number | undefined } = { datasetId: dataset.datasetId, version };
  if (format !== dataset.format) {
    const input = { ...from, to: format, ...(lossless ? {} : { lossless }) };
    const made = await callFor<Made>(connection, { name: TOOLS.convert, input, signal });
    if (!made.ok) return made;
    losses = made.value.losses ?? [];
    from = { datasetId: made.value.dataset.datasetId };
  }
  const page = await callFor<Page>(connection, { name: TOOLS.fetch, input: { ...from, as: 'content' }, signal });
  if (!page.ok) return page;
  const bytes = await fetchBytes(page.value, { fetch, signal, onBytes });
  if (!bytes.ok) return bytes;
  saveBlob(bytes.value, fileName(dataset, endingOf(format)));
  return { ok: true, value: { saved: page.value.dataset, losses } };
}
