// Looks at everything that a lab needs, one thing after the other. A check that breaks is a finding, too: the others go on.
import { access } from './access.js';
import { type Check, error, type Finding, type Patient } from './checks.js';
import { diskSpace, fileModes, homeFolder, installation, nodeVersion } from './machine.js';
import { gateway } from './network.js';

const CHECKS: ReadonlyArray<readonly [name: string, check: Check]> = [
  ['node', nodeVersion],
  ['install', installation],
  ['home', homeFolder],
  ['disk', diskSpace],
  ['modes', fileModes],
  ['gateway', gateway],
  ['token', access],
];

export async function* findings(patient: Patient): AsyncGenerator<Finding> {
  for (const [name, check] of CHECKS) {
    patient.signal.throwIfAborted();
    try {
      yield* await check(patient);
    } catch (thrown) {
      patient.signal.throwIfAborted();
      yield error(
        name,
        `Cannot look: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        'Mend what is said above first.',
      );
    }
  }
}
