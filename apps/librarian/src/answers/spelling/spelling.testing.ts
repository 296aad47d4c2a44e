// For specs of all but spelling, and for those of it.
import { Spelling } from './spelling.js';

/** Reads a question as it stands. */
export const AS_IT_STANDS: Pick<Spelling, 'read'> = { read: async (question) => question };

/** A question waits until the dictionary is read, however slow the machine is. */
const PATIENT_MS = 120_000;

export const patientSpelling = (warn: (...told: unknown[]) => void = () => undefined): Spelling =>
  new Spelling({ warn }, PATIENT_MS);
