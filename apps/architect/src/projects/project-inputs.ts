// What was given for a template's inputs, in two parts that never meet again: values, which files may hold, and secrets.
import { AppError } from '@labmesh/contracts';
import { checkInputs, type InputValue, type InputValues, refuseFaults } from '../templates/inputs-schema.js';
import { type Template, templateSecrets } from '../templates/template.js';

export interface SplitInputs {
  /** With defaults. */
  readonly values: InputValues;
  /** By the name of the input. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** @throws AppError invalid_input naming each input that is missing or wrong, never a secret's value */
export function splitInputs(template: Template, given: InputValues): SplitInputs {
  const { values, faults } = checkInputs(template.checkInputs, given);
  refuseFaults(template.name, faults);
  const names = templateSecrets(template);
  const plain: Record<string, InputValue> = {};
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (!names.has(name)) plain[name] = value;
    else if (typeof value !== 'string' || value === '' || value.length > 4_096 || /\p{Cc}/u.test(value))
      throw new AppError(
        'invalid_input',
        `Cannot keep the secret ${name}: it must be one line of 1 to 4096 characters.`,
      );
    else secrets[name] = value;
  }
  return { values: plain, secrets };
}
