// A panel at the side over the page: Escape, the button and a click beside it close it; focus goes back to where it was.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icon.js';

interface SidePanelProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly testId: string;
  readonly closeLabel?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SidePanel({ title, subtitle, testId, closeLabel = 'Close', onClose, children }: SidePanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = () => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; Escape and the button close it too
    <dialog
      ref={dialog}
      className="panel"
      data-testid={testId}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className="panel-inner">
        <header className="panel-head">
          <div className="panel-titles">
            <h2 id={titleId}>{title}</h2>
            {subtitle}
          </div>
          <button type="button" className="button button-icon" aria-label={closeLabel} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
