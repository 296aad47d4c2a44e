// Where files are dropped, or chosen by a button that everybody can reach.
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Icon } from './icon.js';

interface DropAreaProps {
  readonly testId: string;
  readonly input: {
    readonly testId: string;
    readonly label: string;
    readonly multiple?: boolean;
    readonly accept?: string;
  };
  readonly button: string;
  /** The id of what is said about the button. */
  readonly about?: string;
  readonly disabled: boolean;
  /** At least one. */
  readonly onFiles: (files: readonly File[]) => void;
  /** Above the button. */
  readonly shown: ReactNode;
  /** Below it. */
  readonly children: ReactNode;
}

export function DropArea({ testId, input, button, about, disabled, onFiles, shown, children }: DropAreaProps) {
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null) => {
    if (!disabled && files && files.length > 0) onFiles([...files]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first
    <div
      className={over ? 'drop drop-over' : 'drop'}
      data-testid={testId}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="document" />
      {shown}
      <button
        type="button"
        className="button"
        disabled={disabled}
        aria-describedby={about}
        onClick={() => chooser.current?.click()}
      >
        {button}
      </button>
      <input
        ref={chooser}
        type="file"
        multiple={input.multiple}
        accept={input.accept}
        className="sr-only"
        tabIndex={-1}
        aria-label={input.label}
        data-testid={input.testId}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = '';
        }}
      />
      {children}
    </div>
  );
}
