// "Check the log": has the lab read its whole log anew against its signed heads, with progress, and says what came out.
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useCall } from '../../mcp/use-call.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';

const TOOL = 'sentinel_audit_verify';

interface Checked {
  readonly intact: boolean;
  readonly problems: readonly { readonly cursor?: string; readonly problem: string }[];
  readonly checkedRecords: number;
  readonly checkedHeads: number;
  readonly unsignedRecords: number;
  readonly verifierKey: string;
}

export function LogCheck() {
  const { tools } = useLab();
  const [open, setOpen] = useState(false);
  const { state, run, cancel } = useCall();
  if (!tools.some(({ name }) => name === TOOL)) return null;
  const start = () => {
    setOpen(true);
    void run(TOOL, {});
  };
  const close = () => {
    cancel();
    setOpen(false);
  };
  const progress = state.status === 'running' ? state.updates.at(-1) : undefined;
  return (
    <>
      <button type="button" className="button" data-testid="audit-check" onClick={start}>
        Check the log
      </button>
      {open && (
        <QuestionDialog title="Check of the audit log" testId="audit-check-dialog" onClose={close}>
          {state.status === 'running' && (
            <div className="running" role="status">
              <progress
                className="progress"
                aria-label="Progress of the check"
                {...(progress?.total ? { value: progress.progress, max: progress.total } : {})}
              />
              <p className="muted">{progress?.message ?? 'Reading the log anew, against every signed head…'}</p>
            </div>
          )}
          {state.status === 'failed' && <FailureNotice failure={state.failure} />}
          {state.status === 'done' && <Result checked={state.result.structuredContent as Checked} />}
        </QuestionDialog>
      )}
    </>
  );
}

function Result({ checked }: { checked: Checked }) {
  const { intact, problems, checkedRecords, checkedHeads, unsignedRecords, verifierKey } = checked;
  return (
    <div className="check-result" data-testid="audit-check-result" role="status">
      <p>
        <span className={intact ? 'pill pill-good' : 'pill pill-bad'}>{intact ? 'intact' : 'altered'}</span>
      </p>
      <p>
        {plural(checkedRecords, 'record')} and {plural(checkedHeads, 'signed head')} were read anew
        {intact ? ', and agree.' : '.'}
        {unsignedRecords > 0 &&
          ` ${plural(unsignedRecords, 'record')} came since and will be signed for within a second.`}
      </p>
      {problems.length > 0 && (
        <ul className="problems">
          {problems.map(({ cursor, problem }) => (
            <li key={`${cursor ?? ''}${problem}`} className="problem">
              {problem}
            </li>
          ))}
        </ul>
      )}
      <p className="muted">
        Key of the log: <span className="mono hash">{verifierKey}</span>
      </p>
      <p className="muted">Heads kept where the lab cannot reach prove more: see “npx @labmesh/cli audit verify”.</p>
    </div>
  );
}
