// Sends money: first what is meant, then the question whether it is meant, then what came of it. What was sent and not answered
// is sent again under the same key, also when the dialog is opened anew.
import { useState } from 'react';
import { Field } from '../../ui/field.js';
import { formatWhole, shortId } from '../../ui/figures.js';
import { OneOf } from '../../ui/one-of.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { CURRENCY, grouped } from '../amount.js';
import { KeyedDialog } from '../keyed-dialog.js';
import { useIntent } from '../use-intent.js';
import { useParts } from '../use-parts.js';
import type { Balances } from './entry.js';
import {
  type Draft,
  draftOf,
  EMPTY,
  HOLD_LIVES,
  leftAfter,
  meantBy,
  type Problems,
  problemsOf,
  WAYS,
} from './payment.js';

interface Sent {
  readonly amount: string;
  readonly to: string;
  readonly balance: string;
  readonly at: string;
  readonly expiresAt?: string;
}

interface PayDialogProps {
  readonly balances: Balances;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

export function PayDialog({ balances, onMoved, onClose }: PayDialogProps) {
  const sending = useIntent<Sent>('pay');
  const [draft, setDraft] = useState<Draft>(() => (sending.open ? draftOf(sending.open) : EMPTY));
  const [asking, setAsking] = useState(sending.open !== undefined);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft, balances);
  if (sending.done) return <Done sent={sending.done} onClose={onClose} />;
  const send = async () => {
    const { tool, input } = meantBy(draft);
    if (await sending.send(tool, input)) onMoved();
  };
  const proceed = () => {
    setTried(true);
    if (Object.keys(problems).length === 0) setAsking(true);
  };
  if (!asking)
    return (
      <QuestionDialog title="Send" testId="pay" action="Continue" onSubmit={proceed} onClose={onClose}>
        <PayFields draft={draft} onDraft={setDraft} problems={tried ? problems : {}} balance={balances.balance} />
      </QuestionDialog>
    );
  return (
    <KeyedDialog
      title={draft.way === 'pay' ? 'Pay this?' : 'Set this aside?'}
      testId="pay-confirm"
      action={draft.way === 'pay' ? 'Pay' : 'Set aside'}
      sending={sending}
      onSend={() => void send()}
      onClose={onClose}
    >
      <Meant draft={draft} balance={balances.balance} open={sending.open !== undefined} />
      {!sending.open && (
        <button type="button" className="plain-link" onClick={() => setAsking(false)} data-testid="pay-back">
          Change it
        </button>
      )}
    </KeyedDialog>
  );
}

interface PayFieldsProps {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly problems: Problems;
  readonly balance: string;
}

function PayFields({ draft, onDraft, problems, balance }: PayFieldsProps) {
  const parts = useParts();
  const text = (name: 'to' | 'amount' | 'memo') => ({
    className: name === 'to' ? 'input mono' : 'input',
    'data-testid': `pay-${name}`,
    value: draft[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => onDraft({ ...draft, [name]: event.target.value }),
  });
  return (
    <>
      {parts.has('hold') && (
        <OneOf
          legend="When it is paid"
          group="pay-way"
          choices={WAYS}
          chosen={draft.way}
          onChosen={(name) => onDraft({ ...draft, way: name === 'hold' ? 'hold' : 'pay' })}
        />
      )}
      <Field label="To" problem={problems.to} hint="The wallet that is paid">
        {(field) => <input {...field} {...text('to')} placeholder="wal_…" />}
      </Field>
      <Field label={`Amount, ${CURRENCY}`} problem={problems.amount} hint={`${grouped(balance)} available`}>
        {(field) => <input {...field} {...text('amount')} inputMode="decimal" />}
      </Field>
      <Field label="Memo" hint="If you like: both see it in their history">
        {(field) => <input {...field} {...text('memo')} maxLength={140} />}
      </Field>
      {draft.way === 'hold' && (
        <Field label="Good for" hint="What is not taken by then is yours again">
          {(field) => (
            <select
              {...field}
              className="input"
              data-testid="pay-expires"
              value={draft.seconds}
              onChange={(event) => onDraft({ ...draft, seconds: Number(event.target.value) })}
            >
              {HOLD_LIVES.map(({ seconds, label }) => (
                <option key={seconds} value={seconds}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}

function Meant({ draft, balance, open }: { draft: Draft; balance: string; open: boolean }) {
  const { amount = '0' } = meantBy(draft).input as { amount?: string };
  return (
    <>
      <p className="meant-figure" data-testid="pay-meant">
        {grouped(amount)} <span className="balance-currency">{CURRENCY}</span>
      </p>
      <dl className="facts">
        <div>
          <dt>To</dt>
          <dd className="mono hash">{draft.to.trim()}</dd>
        </div>
        {draft.memo.trim() !== '' && (
          <div>
            <dt>Memo</dt>
            <dd>{draft.memo.trim()}</dd>
          </div>
        )}
        {!open && (
          <div>
            <dt>Left after it</dt>
            <dd>
              {grouped(leftAfter(balance, amount))} {CURRENCY}
            </dd>
          </div>
        )}
      </dl>
      <p className="muted">
        {draft.way === 'pay'
          ? 'A payment is at once, and only its receiver can give it back.'
          : `You cannot spend it or take it back for ${HOLD_LIVES.find(({ seconds }) => seconds === draft.seconds)?.label ?? 'that time'}.`}
      </p>
    </>
  );
}

const Done = ({ sent: { amount, to, balance, at, expiresAt }, onClose }: { sent: Sent; onClose: () => void }) => (
  <QuestionDialog title={expiresAt === undefined ? 'Paid' : 'Set aside'} testId="pay-done" onClose={onClose}>
    <p role="status">
      {grouped(amount)} {CURRENCY} {expiresAt === undefined ? 'went to' : 'wait for'}{' '}
      <span className="mono" title={to}>
        {shortId(to)}
      </span>
      . {grouped(balance)} are left.
    </p>
    <p className="muted">{expiresAt === undefined ? formatWhole(at) : `Good until ${formatWhole(expiresAt)}.`}</p>
  </QuestionDialog>
);
