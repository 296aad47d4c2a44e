// The earning rate of a template, as it is in force: a parameter that the DAO may set, wherever it is shown or paid by.
import type { ParameterValues } from './parameter-registry.js';

/** The name of each such parameter begins with it; the template's follows. */
export const RATE = 'rewards.rate.';
/** Of a wallet without a template, as the operator's. */
const ONE = 1_000_000n;

/** In millionths. */
export function rateOf(values: ParameterValues, template: string | null): bigint {
  return (values as Readonly<Record<string, bigint>>)[`${RATE}${template}`] ?? ONE;
}
