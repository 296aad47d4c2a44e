// Reports what somebody measured: once, and for good. The hash is typed, not filled in: it proves which bytes were read.
import { useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../views.js';
import { type Measurement, NOTHING, problemsOf, reportOf } from './measurement.js';
import type { Validation } from './validation.js';

interface ReportDialogProps {
  readonly validation: Validation;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function ReportDialog({ validation, onDone, onClose }: ReportDialogProps) {
  const { validationId, metric, datasetId, version } = validation;
  const [typed, setTyped] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const { busy, failure, ask } = useAsking();
  const problems = problemsOf(typed);
  const send = async () => {
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    if (!(await ask(TOOLS.report, { ...reportOf(validationId, typed) }))) return;
    onDone();
    onClose();
  };
  const text = (name: keyof Measurement, label: string, hint?: string) => (
    <Field label={label} hint={hint} problem={tried ? problems[name] : undefined}>
      {(field) => (
        <input
          {...field}
          className={name === 'evidence' ? 'input' : 'input mono'}
          data-testid={`report-${name}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={2_000}
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <QuestionDialog
      title="Report what you measured"
      testId="report"
      action="Report it"
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p className="muted">
        A report is final. You are rewarded when enough others measured the same, whether that confirms the claim or
        not.
      </p>
      <div className="validation-fields">
        {text('measured', 'Measured value', `Of ${metric}, in decimals`)}
        {text('rows', 'On how many rows')}
      </div>
      {text('sha256', 'SHA-256 of the data', `Of version ${version} of ${datasetId}, as you read it`)}
      {text('evidence', 'Evidence', 'A job’s id, or where a log is')}
      <details className="validation-signed">
        <summary>Sign it</summary>
        {text('publicKey', 'Public key', 'Ed25519, base64')}
        {text('signature', 'Signature', 'Base64, of the members that docs/validations.md names')}
      </details>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
