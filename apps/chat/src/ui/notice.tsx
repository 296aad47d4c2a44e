// One box for what went wrong or is worth knowing: what, its code, what to do, and a way on.
import type { ReactNode } from 'react';
import type { Failure } from '../failure.js';
import { Icon } from './icon.js';

export const FailureNotice = ({ failure, children }: { failure: Failure; children?: ReactNode }) => (
  <div className="notice notice-bad" role="alert">
    <Icon name="alert" />
    <div className="notice-text">
      <p className="notice-message">{failure.message}</p>
      {failure.hint && <p className="notice-hint">{failure.hint}</p>}
      <p className="notice-code">
        Code: <code>{failure.code}</code>
      </p>
      {children && <div className="notice-actions">{children}</div>}
    </div>
  </div>
);

export const Notice = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="notice" role="note">
    <div className="notice-text">
      <p className="notice-message">{title}</p>
      <div className="notice-hint">{children}</div>
    </div>
  </div>
);

/** Grey lines in the place of what is being fetched; screen readers hear the label at once, others see it when it takes long. */
export const Waiting = ({ label, lines = 3 }: { label: string; lines?: number }) => (
  <div className="waiting" role="status">
    <span className="muted waiting-label">{label}</span>
    {Array.from({ length: lines }, (_, line) => `line-${line}`).map((line) => (
      <span key={line} className="waiting-line" aria-hidden="true" />
    ))}
  </div>
);
