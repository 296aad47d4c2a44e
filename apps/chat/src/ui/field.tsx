// One labelled field of a form, with what is wrong with it or worth knowing.
import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  readonly children: (field: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}

export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}about`, 'aria-invalid': problem !== undefined })}
      <p id={`${id}about`} className={problem === undefined ? 'muted field-about' : 'problem field-about'}>
        {problem ?? hint}
      </p>
    </div>
  );
}
