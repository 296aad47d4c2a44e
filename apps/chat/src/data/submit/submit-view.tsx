// Adds a dataset, or a version of one: a file that is dropped, pasted or chosen, or an address; what it is, and what became of it.
import { formatOfName } from '@labmesh/contracts';
import { type FormEvent, useEffect, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Dataset } from '../dataset.js';
import { TOOLS, takes } from '../views.js';
import { AddressField, fileNameIn, isAddress } from './address-field.js';
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
  const { picked, address, from, details, setDetails, pick, point } = useDraft(of);
  /** What the last answer is about: a file that was chosen since has none yet. */
  const [sent, setSent] = useState<ChosenFile | string>();
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
  const running = state.status === 'sending' || state.status === 'reading';
  const problem = problemIn(details);
  const ready = from !== undefined && details.name.trim() !== '' && details.format !== '' && problem === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!from || !ready || running) return;
    setSent(from);
    void run({ tool, from: typeof from === 'string' ? from : from.file, format: details.format, input: inputOf(details, of) });
  };
  return (
    <>
      <SubmitHead of={of} />
      <form className="submit" onSubmit={submit} noValidate>
        <DropZone file={picked?.file} formats={formats} disabled={running} onFile={pick} />
        {takes(tools, of ? 'update' : 'submit', 'url') && (
          <AddressField address={address} disabled={running} onAddress={point} />
        )}
        {picked && details.format !== '' && <FilePreview picked={picked} format={details.format} bytesMax={PREVIEWED_MAX} />}
        {from && (
          <SubmitFields
            details={details}
            formats={formats}
            problem={problem}
            update={of !== undefined}
            disabled={running}
            onDetails={setDetails}
          />
        )}
        {state.status === 'failed' && sent === from && <FailureNotice failure={state.failure} />}
        {from && (
          <Sending
            state={state}
            ready={ready}
            update={of !== undefined}
            doing={picked ? 'the lab reads the rows' : 'the lab fetches it, and reads the rows'}
            onCancel={cancel}
          />
        )}
      </form>
    </>
  );
}

/** What is to be sent, as long as it is chosen and described: a file or an address, and what is said of it. */
function useDraft(of: Dataset | undefined) {
  const [picked, setPicked] = useState<ChosenFile>();
  const [address, setAddress] = useState('');
  const [details, setDetails] = useState<Details>(of ? detailsOf(of) : EMPTY);
  const pick = (file: File) =>
    void chosen(file).then((next) => {
      setPicked(next);
      setAddress('');
      const name = details.name === '' ? nameFrom(file.name) : details.name;
      setDetails({ ...details, name, format: next.format ?? details.format });
    });
  const point = (text: string) => {
    setAddress(text);
    setPicked(undefined);
    const typed = text.trim();
    if (!isAddress(typed)) return;
    const file = fileNameIn(typed);
    // A name that somebody gave stays; one that came of the address before goes with it.
    const own = details.name !== '' && details.name !== (isAddress(address.trim()) ? nameFrom(fileNameIn(address.trim())) : '');
    setDetails({ ...details, name: own ? details.name : nameFrom(file), format: formatOfName(file) ?? details.format });
  };
  const from = picked ?? (isAddress(address.trim()) ? address.trim() : undefined);
  return { picked, address, from, details, setDetails, pick, point };
}

const SubmitHead = ({ of }: { of: Dataset | undefined }) => (
  <>
    <BackLink href={dataHref(of?.datasetId)}>{of ? of.name : 'All datasets'}</BackLink>
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
