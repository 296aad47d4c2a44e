// The parameters that proposals may change: each with its kind, bounds and what every lab begins with. Another parameter is a row here.
import { AppError } from '@labmesh/contracts';
import { FORM, MICRO, type ParameterSpec, readValue, writeValue } from './parameter-kind.js';
import { PRICE_PARAMETERS } from './price-parameters.js';
import { REWARD_PARAMETERS } from './reward-parameters.js';
import { STAKING_PARAMETERS } from './staking-parameters.js';

const [HOUR, DAY] = [3_600n, 86_400n];

const GOVERNANCE_PARAMETERS = {
  'governance.proposal_threshold': {
    kind: 'amount',
    initial: 100n * MICRO,
    least: 0n,
    most: 1_000_000n * MICRO,
    meaning: 'Voting power that a proposal needs of its proposer.',
  },
  'governance.open_proposals': {
    kind: 'count',
    initial: 3n,
    least: 1n,
    most: 20n,
    meaning: 'How many proposals of one wallet may be pending or voted on at once.',
  },
  'governance.voting_delay': {
    kind: 'seconds',
    initial: DAY,
    least: 0n,
    most: 30n * DAY,
    meaning: 'From a proposal to its snapshot, after which voting begins: time to stake and to delegate.',
  },
  'governance.voting_period': {
    kind: 'seconds',
    initial: 7n * DAY,
    least: 1n,
    most: 90n * DAY,
    leastOfDao: HOUR,
    meaning: 'How long is voted.',
  },
  'governance.late_quorum_extension': {
    kind: 'seconds',
    initial: DAY,
    least: 0n,
    most: 30n * DAY,
    meaning: 'How long is voted at least after the quorum is reached.',
  },
  'governance.quorum': {
    kind: 'basis_points',
    initial: 400n,
    least: 1n,
    most: 10_000n,
    meaning: 'Part of all that is staked that must vote for or abstain, or, where there are choices, vote.',
  },
  'governance.approval': {
    kind: 'basis_points',
    initial: 5_000n,
    least: 5_000n,
    most: 9_900n,
    meaning: 'In a basic vote, the part of for and against that for must be more than.',
  },
  'governance.timelock': {
    kind: 'seconds',
    initial: 2n * DAY,
    least: 0n,
    most: 30n * DAY,
    meaning: 'From the queue to the first moment of execution.',
  },
  'governance.execution_grace': {
    kind: 'seconds',
    initial: 14n * DAY,
    least: 60n,
    most: 90n * DAY,
    leastOfDao: HOUR,
    meaning: 'How long a proposal may be executed before it expires.',
  },
} as const satisfies Readonly<Record<string, ParameterSpec>>;

const REGISTRY = {
  ...GOVERNANCE_PARAMETERS,
  ...REWARD_PARAMETERS,
  ...STAKING_PARAMETERS,
  ...PRICE_PARAMETERS,
} as const;

export type ParameterName = keyof typeof REGISTRY;
export const PARAMETERS: Readonly<Record<ParameterName, ParameterSpec>> = REGISTRY;
export const PARAMETER_NAMES = Object.keys(REGISTRY) as ParameterName[];

/** In the smallest unit. */
export type ParameterValues = Readonly<Record<ParameterName, bigint>>;

export const INITIAL_VALUES = Object.fromEntries(
  PARAMETER_NAMES.map((name) => [name, PARAMETERS[name].initial]),
) as ParameterValues;

export interface Change {
  readonly parameter: string;
  readonly value: string;
}

/**
 * The changes as values in the smallest unit.
 * @throws AppError invalid_input that names the parameter: unknown, named twice, not written as its kind is, or out of bounds
 */
export function readChanges(changes: readonly Change[], daoEnabled: boolean): Partial<ParameterValues> {
  const read = new Map<string, bigint>();
  for (const { parameter, value } of changes) {
    const spec = Object.hasOwn(PARAMETERS, parameter) ? PARAMETERS[parameter as ParameterName] : undefined;
    if (spec === undefined) throw refused(parameter, `there is no such parameter${nearest(parameter)}`);
    if (read.has(parameter)) throw refused(parameter, 'it is named twice');
    const wanted = readValue(spec.kind, value);
    if (wanted === undefined) throw refused(parameter, `"${value}" is not ${FORM[spec.kind]}`);
    refuseOutOfBounds(parameter as ParameterName, wanted, daoEnabled);
    read.set(parameter, wanted);
  }
  return Object.fromEntries(read) as Partial<ParameterValues>;
}

function refuseOutOfBounds(name: ParameterName, value: bigint, daoEnabled: boolean): void {
  const { kind, most } = PARAMETERS[name];
  const least = leastOf(name, daoEnabled);
  if (value >= least && value <= most) return;
  throw refused(
    name,
    `${writeValue(kind, value)} is outside its bounds, ${writeValue(kind, least)} to ${writeValue(kind, most)}`,
  );
}

export function leastOf(name: ParameterName, daoEnabled: boolean): bigint {
  const { least, leastOfDao } = PARAMETERS[name];
  return daoEnabled && leastOfDao !== undefined ? leastOfDao : least;
}

function nearest(parameter: string): string {
  const family = parameter.split('.')[0] ?? '';
  const names = PARAMETER_NAMES.filter((name) => name.startsWith(`${family}.`));
  return names.length === 0 ? '; get_parameters has all names' : `; there are ${names.join(', ')}`;
}

const refused = (parameter: string, why: string): AppError =>
  new AppError('invalid_input', `Cannot set ${parameter}: ${why}.`, { details: { parameter } });
