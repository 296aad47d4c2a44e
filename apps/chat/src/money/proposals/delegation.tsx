// Lets another wallet vote for this one, or takes that back.
import { type FormEvent, useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { Field } from '../../ui/field.js';
import { shortId } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { CURRENCY, grouped } from '../amount.js';
import { TOOLS } from '../views.js';

interface Delegated {
  readonly delegate: string | null;
  readonly power: string;
}

const isWallet = (text: string): boolean => /^wal_[0-9a-f-]{36}$/.test(text);

export function Delegation() {
  const [text, setText] = useState('');
  const [delegated, setDelegated] = useState<Delegated>();
  const { busy, failure, ask } = useAsking<Delegated>();
  const to = text.trim();
  const delegate = async (input: { to?: string }) => {
    setDelegated(await ask(TOOLS.delegate, input));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWallet(to)) void delegate({ to });
  };
  return (
    <section className="section money-section" aria-labelledby="delegation">
      <div>
        <h2 id="delegation">Who votes for you</h2>
        <p className="muted">
          Your whole voting power goes to one wallet, for proposals whose snapshot is still to come. It can be taken
          back at any time.
        </p>
      </div>
      <form className="card delegation" onSubmit={submit}>
        <Field
          label="To"
          problem={to === '' || isWallet(to) ? undefined : 'A wallet id looks like wal_ and a UUID.'}
          hint="The wallet that votes with your power"
        >
          {(field) => (
            <input
              {...field}
              className="input mono"
              data-testid="delegate-to"
              placeholder="wal_…"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className="row delegation-buttons">
          <button type="submit" className="button" data-testid="delegate-go" disabled={busy || !isWallet(to)}>
            Delegate
          </button>
          <button
            type="button"
            className="button"
            data-testid="delegate-back"
            disabled={busy}
            onClick={() => void delegate({})}
          >
            Vote myself
          </button>
        </div>
        {failure && <FailureNotice failure={failure} />}
        {delegated && (
          <p role="status" data-testid="delegated">
            {delegated.delegate === null ? 'You vote for yourself.' : `${shortId(delegated.delegate)} votes for you.`}{' '}
            Your own power from now on: {grouped(delegated.power)} {CURRENCY}.
          </p>
        )}
      </form>
    </section>
  );
}
