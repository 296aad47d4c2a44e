// An address that the lab fetches the data from itself, in the place of a file.
import { useId } from 'react';

interface AddressFieldProps {
  readonly address: string;
  readonly disabled: boolean;
  readonly onAddress: (address: string) => void;
}

export function AddressField({ address, disabled, onAddress }: AddressFieldProps) {
  const id = useId();
  const problem = addressProblem(address);
  return (
    <div className="submit-address">
      <label className="label" htmlFor={id}>
        Or an address that the lab fetches
      </label>
      <input
        id={id}
        className="input"
        type="url"
        inputMode="url"
        data-testid="submit-url"
        placeholder="https://example.org/stations.csv"
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        value={address}
        onChange={(event) => onAddress(event.target.value)}
      />
      <p id={`${id}-hint`} className={problem ? 'problem' : 'muted'} role={problem ? 'alert' : undefined}>
        {problem ?? 'From the hosts that the operator of the lab allows.'}
      </p>
    </div>
  );
}

const BEGINNINGS = ['https://', 'http://'] as const;

/** Whether the lab could fetch from it. */
export const isAddress = (text: string): boolean =>
  BEGINNINGS.some((beginning) => text.startsWith(beginning) && text.length > beginning.length) && URL.canParse(text);

/** What is wrong with an address; undefined as long as it may become one. */
export function addressProblem(text: string): string | undefined {
  const typed = text.trim();
  if (BEGINNINGS.some((beginning) => beginning.startsWith(typed)) || isAddress(typed)) return undefined;
  return 'This is no address: it begins with https://, and names a host.';
}

/** `https://example.org/a/stations_2026.csv?x=1` -> `stations_2026.csv`. */
export const fileNameIn = (address: string): string =>
  new URL(address).pathname.split('/').findLast((part) => part !== '') ?? '';
