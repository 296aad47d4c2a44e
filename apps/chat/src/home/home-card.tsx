// One card of the home view: its title, the way to the page behind it, and its content, or why that is not there. A card that fails
// takes no other with it.
import { type ReactNode, useId } from 'react';
import type { Answer } from '../mcp/use-answer.js';
import { FaultBoundary } from '../ui/fault-boundary.js';
import { FailureNotice, Waiting } from '../ui/notice.js';

interface HomeCardProps<T> {
  readonly name: string;
  readonly title: string;
  readonly more?: { readonly href: string; readonly label: string };
  readonly answer: Answer<T>;
  readonly children: (value: T) => ReactNode;
}

export function HomeCard<T>({ name, title, more, answer, children }: HomeCardProps<T>) {
  const id = useId();
  return (
    <section className="card home-card" data-testid={`home-${name}`} aria-labelledby={id} aria-busy={answer.busy}>
      <header className="home-card-head">
        <h2 id={id}>{title}</h2>
        {more && <a href={more.href}>{more.label}</a>}
      </header>
      <FaultBoundary>
        <Content answer={answer} title={title}>
          {children}
        </Content>
      </FaultBoundary>
    </section>
  );
}

interface ContentProps<T> {
  readonly answer: Answer<T>;
  readonly title: string;
  readonly children: (value: T) => ReactNode;
}

function Content<T>({ answer: { value, failure, busy, refresh }, title, children }: ContentProps<T>) {
  return (
    <>
      {failure && (
        <FailureNotice failure={failure}>
          <button type="button" className="button button-small" disabled={busy} onClick={refresh}>
            Try again
          </button>
        </FailureNotice>
      )}
      {value === undefined && !failure && <Waiting label={`Fetching: ${title}…`} lines={4} />}
      {value !== undefined && children(value)}
    </>
  );
}

/** Said where there is nothing yet, with what would make something. */
export const Nothing = ({ children }: { children: ReactNode }) => <p className="muted home-nothing">{children}</p>;
