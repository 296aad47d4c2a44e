// The lab's parameters: what is in force, what was, and who may set them. Whoever needs a rule, rate or period asks here each time.
import { AppError, type chancellor, type Principal, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { writeValue } from './parameter-kind.js';
import { leastOf, PARAMETER_NAMES, PARAMETERS, readChanges } from './parameter-registry.js';
import { type ParameterSet, ParametersRepository } from './parameters.repository.js';

type Tools = typeof chancellor.tools;

@Injectable()
export class Parameters {
  constructor(@Inject(ParametersRepository) private readonly repository: ParametersRepository) {}

  /** What is in force now: `(await parameters.current()).values['rewards.epoch_length']`, in the smallest unit. */
  current(): Promise<ParameterSet> {
    return this.repository.newest();
  }

  /** A version by its number. AppError not_found. */
  async at(version: number): Promise<ParameterSet> {
    const found = await this.repository.find(version);
    if (found === undefined) {
      const { version: newest } = await this.current();
      throw new AppError('not_found', `Cannot read version ${version}: the newest one is ${newest}.`);
    }
    return found;
  }

  /** What was in force at a time: of an event of then, the rules of then. */
  inForceAt(at: Date): Promise<ParameterSet> {
    return this.repository.inForceAt(at);
  }

  /** As the operator, until the DAO is on. Errors: `invalid_input`, `conflict`. */
  async set(
    changes: ToolInput<Tools['set_parameters']>['changes'],
    by: Pick<Principal, 'walletId'>,
  ): Promise<ToolOutput<Tools['set_parameters']>> {
    const { version, setAt } = await this.repository.set({ changes: readChanges(changes, false), by: by.walletId });
    return { version, at: setAt.toISOString() };
  }

  /** For good. Errors: `conflict` while a value in force would lock the members out. */
  async enableDao(by: Pick<Principal, 'walletId'>): Promise<ToolOutput<Tools['enable_dao']>> {
    const enabledAt = await this.repository.enable(by.walletId, (values) => {
      const tooLittle = PARAMETER_NAMES.find((name) => values[name] < leastOf(name, true));
      if (tooLittle === undefined) return;
      const least = writeValue(PARAMETERS[tooLittle].kind, leastOf(tooLittle, true));
      throw new AppError(
        'conflict',
        `Cannot switch the DAO on: ${tooLittle} is less than ${least}, and its members could be locked out. Set it with set_parameters first.`,
      );
    });
    return { enabledAt: enabledAt.toISOString() };
  }

  async describe({ version }: ToolInput<Tools['get_parameters']>): Promise<ToolOutput<Tools['get_parameters']>> {
    const [set, enabledAt] = await Promise.all([
      version === undefined ? this.current() : this.at(version),
      this.repository.enabledAt(),
    ]);
    const daoEnabled = enabledAt !== null;
    return {
      version: set.version,
      setAt: set.setAt?.toISOString() ?? null,
      setBy: set.setBy,
      daoEnabled,
      parameters: PARAMETER_NAMES.map((name) => {
        const { kind, most, meaning } = PARAMETERS[name];
        const written = (value: bigint): string => writeValue(kind, value);
        return {
          parameter: name,
          value: written(set.values[name]),
          kind,
          least: written(leastOf(name, daoEnabled)),
          most: written(most),
          meaning,
        };
      }),
    };
  }
}
