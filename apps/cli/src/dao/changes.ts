// Changes of parameters as people type them: parameter=value, before it the number of the choice that carries it.
import { InvalidArgumentError } from 'commander';

export interface Change {
  readonly parameter: string;
  readonly value: string;
  readonly choice?: number;
}

/** `governance.quorum=500` or `2:governance.quorum=500`. For commander: adds to what stood before. */
export function changeOf(text: string, before: readonly Change[] = []): Change[] {
  const [, choice, parameter, value] = /^(?:(\d{1,3}):)?([a-z][a-z_.]*)=(\S+)$/.exec(text.trim()) ?? [];
  if (parameter === undefined || value === undefined)
    throw new InvalidArgumentError('Give it as parameter=value, such as governance.quorum=500.');
  return [...before, { parameter, value, ...(choice === undefined ? {} : { choice: Number(choice) }) }];
}
