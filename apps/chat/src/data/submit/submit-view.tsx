// Adds a dataset, or a version of one: a file that is dropped or chosen, what it is, and what became of it.
import { type FormEvent, useEffect, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Dataset } from '../dataset.js';
import { TOOLS } from '../views.js';
import { type ChosenFile, chosen } from './chosen-file.js';
import { type Details, detailsOf, EMPTY, inputOf, problemIn } from './details.js';
import { DropZone } from './drop-zone.js';
import { formatsIn } from './file-format.js';
import { FilePreview } from './file-preview.js';
import { Sending } from './sending.js';
import { SubmitFields } from './submit-fields.js';
import { useSubmission } from './use-submission.js';

/** A JSON document is read whole for its first rows: no larger one. */
const PREVIEWED_MAX = 8 * 1_024 * 1_024;

interface SubmitViewProps {
  /** The dataset that gets a version; left out, a new dataset is made. */
  readonly of?: Dataset;
  readonly onDone?: () => void;
}

export function SubmitView({ of, onDone }: SubmitViewProps) {
  const { tools } = useLab();
  const { state, run, cancel } = useSubmission();
  const [picked, setPicked] = useState<ChosenFile>();
  /** What the last answer is about: a file that was chosen since has none yet. */
  const [sent, setSent] = useState<ChosenFile>();
  const [details, setDetails] = useState<Details>(of ? detailsOf(of) : EMPTY);
  const tool = of ? TOOLS.update : TOOLS.submit;
  const formats = formatsIn(tools.find(({ name }) => name === tool)?.inputSchema, 'format');
  useEffect(() => {
    document.title = `${of ? `New version of ${of.name}` : 'Add data'} · LabMesh`;
  }, [of]);
  useEffect(() => {
    if (state.status !== 'done') return;
    onDone?.();
    location.hash = dataHref(state.card.dataset.datasetId);
  }, [state, onDone]);
  const pick = (file: File) =>
    void chosen(file).then((next) => {
      setPicked(next);
      const name = details.name === '' ? nameFrom(file.name) : details.name;
      setDetails({ ...details, name, format: next.format ?? details.format });
    });
  const running = state.status === 'sending' || state.status === 'reading';
  const problem = problemIn(details);
  const ready = picked !== undefined && details.name.trim() !== '' && details.format !== '' && problem === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!picked || !ready || running) return;
    setSent(picked);
    void run({ tool, file: picked.file, format: details.format, input: inputOf(details, of) });
  };
  return (
    <>
      <SubmitHead of={of} />
      <form className="submit" onSubmit={submit} noValidate>
        <DropZone file={picked?.file} formats={formats} disabled={running} onFile={pick} />
        {picked && details.format !== '' && <FilePreview picked={picked} format={details.format} bytesMax={PREVIEWED_MAX} />}
        {picked && (
          <SubmitFields
            details={details}
            formats={formats}
            problem={problem}
            update={of !== undefined}
            disabled={running}
            onDetails={setDetails}
          />
        )}
        {state.status === 'failed' && sent === picked && <FailureNotice failure={state.failure} />}
        {picked && <Sending state={state} ready={ready} update={of !== undefined} onCancel={cancel} />}
      </form>
    </>
  );
}

const SubmitHead = ({ of }: { of: Dataset | undefined }) => (
  <>
    <a className="data-back" href={dataHref(of?.datasetId)}>
      <Icon name="back" /> {of ? of.name : 'All datasets'}
    </a>
    <div className="page-head">
      <div>
        <h1>{of ? 'New version' : 'Add data'}</h1>
        <p className="muted">
          {of
            ? `It becomes version ${of.version + 1} of ${of.name}; earlier versions stay.`
            : 'What you add is yours: only you read it.'}
        </p>
      </div>
    </div>
  </>
);

/** `field-notes_2026.csv` -> `field notes 2026`. */
const nameFrom = (fileName: string): string =>
  fileName
    .replace(/\.[a-z0-9]+$/i, '')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .slice(0, 120);
