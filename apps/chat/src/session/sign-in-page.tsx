// The page for someone not signed in: what to run for a link, or a field to paste a token into.
import { type FormEvent, useEffect, useId, useState } from 'react';
import type { Failure } from '../failure.js';
import { Logo } from '../ui/logo.js';
import { FailureNotice } from '../ui/notice.js';
import { ThemeToggle } from '../ui/theme-toggle.js';
import { isTokenText } from './session.js';
import { signInWithToken } from './session-store.js';

export function SignInPage({ failure, waiting }: { failure?: Failure; waiting: string | undefined }) {
  useEffect(() => {
    document.title = 'Sign in · LabMesh';
  }, []);
  return (
    <div className="sign-in">
      <main className="sign-in-card card">
        <div className="sign-in-brand">
          <Logo size={44} />
          <h1>Sign in to LabMesh</h1>
          <ThemeToggle />
        </div>
        {failure && <FailureNotice failure={failure} />}
        {waiting === undefined ? <Ways /> : <p role="status">{waiting}</p>}
      </main>
    </div>
  );
}

const Ways = () => (
  <>
    <section className="sign-in-way" aria-labelledby="way-link">
      <h2 id="way-link">With a link</h2>
      <p>On the computer that runs the lab, in its folder:</p>
      <pre className="command">
        <code>npx @labmesh/cli open</code>
      </pre>
      <p className="muted">It opens this page signed in. The link works once, for ten minutes.</p>
    </section>
    <section className="sign-in-way" aria-labelledby="way-token">
      <h2 id="way-token">With a token</h2>
      <TokenForm />
    </section>
  </>
);

function TokenForm() {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = token.trim().replace(/^Bearer\s+/i, '');
    if (isTokenText(text)) void signInWithToken(text);
    else setProblem('This is no token: paste the whole of it, one line without spaces.');
  };
  return (
    <form onSubmit={submit} noValidate>
      <label className="label" htmlFor={id}>
        Access token or client key
      </label>
      <div className="row">
        <input
          id={id}
          className="input mono"
          type="password"
          autoComplete="off"
          spellCheck={false}
          data-testid="sign-in-token"
          aria-describedby={`${id}-note`}
          aria-invalid={problem !== undefined}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <button type="submit" className="button button-main" data-testid="sign-in-submit">
          Sign in
        </button>
      </div>
      <p id={`${id}-note`} className={problem ? 'problem' : 'muted'} role={problem ? 'alert' : undefined}>
        {problem ??
          'You stay signed in here until you sign out or close the browser; a key for some tools only, until you leave this page.'}
      </p>
    </form>
  );
}
