// Looks for what has gone wrong and mends it: what somebody asks for, or what the policy lets it do by itself. Each action is written
// down with who, what, why and its outcome, and is done only so often within an hour.
import {
  type Call,
  errorShape,
  type mechanic,
  type RecoveryKind,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CircuitFinder } from './circuit-finder.js';
import { JobFinder } from './job-finder.js';
import { RecoveryLog } from './recovery-log.repository.js';
import type { Trouble } from './trouble.js';

type Recover = typeof mechanic.tools.automated_recovery;
type Action = ToolOutput<Recover>['actions'][number];

/** Whose doing it is when nobody asked. */
const BY_POLICY = 'policy';

@Injectable()
export class Recovery {
  constructor(
    @Inject(JobFinder) private readonly jobs: JobFinder,
    @Inject(CircuitFinder) private readonly circuits: CircuitFinder,
    @Inject(RecoveryLog) private readonly actions: RecoveryLog,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn' | 'info'>,
  ) {}

  async recover(input: ToolInput<Recover>, { principal }: Pick<Call, 'principal'>): Promise<ToolOutput<Recover>> {
    const { dryRun, kinds, targets, policy } = input;
    for (const { kind, ...change } of policy) await this.actions.setPolicy(kind, change, principal.walletId);
    const chosen = (await this.#find(kinds)).filter(({ target }) => targets?.includes(target) ?? true);
    const actions: Action[] = [];
    for (const trouble of chosen)
      actions.push(
        dryRun ? { ...shown(trouble), outcome: 'would', message: null } : await this.#mend(trouble, principal.walletId),
      );
    return { actions, policy: await this.actions.policy(), recent: await this.actions.recent() };
  }

  /** What the policy lets it do. @throws AppError unavailable while the database is away */
  async byItself(): Promise<Action[]> {
    const acts = (await this.actions.policy()).filter(({ mode }) => mode === 'act').map(({ kind }) => kind);
    if (acts.length === 0) return [];
    const actions: Action[] = [];
    for (const trouble of await this.#find(acts)) actions.push(await this.#mend(trouble, BY_POLICY));
    return actions;
  }

  /** One that cannot look keeps nobody else from it. */
  async #find(kinds: readonly RecoveryKind[] | undefined): Promise<Trouble[]> {
    const wanted = (kind: RecoveryKind): boolean => kinds?.includes(kind) ?? true;
    const finders = [this.jobs, this.circuits].filter((finder) => finder.kinds.some(wanted));
    const found = await Promise.all(
      finders.map((finder) =>
        finder.find().catch((error: unknown) => {
          this.log.warn({ err: error, kinds: finder.kinds }, 'could not look for what has gone wrong');
          return [];
        }),
      ),
    );
    return found.flat().filter(({ kind }) => wanted(kind));
  }

  async #mend(trouble: Trouble, by: string): Promise<Action> {
    const begun = await this.actions.begin(trouble, by);
    if (begun === undefined)
      return {
        ...shown(trouble),
        outcome: 'limited',
        message: 'It was tried as often as it may be within an hour; see recent.',
      };
    const { outcome, message } = await this.#tried(trouble);
    await this.actions.end(begun, outcome, message);
    this.log.info({ kind: trouble.kind, target: trouble.target, by, outcome }, 'recovery');
    return { ...shown(trouble), outcome, message };
  }

  async #tried(trouble: Trouble): Promise<{ outcome: 'done' | 'failed'; message: string }> {
    try {
      return { outcome: 'done', message: await trouble.mend() };
    } catch (error) {
      this.log.warn({ err: error, kind: trouble.kind, target: trouble.target }, 'could not be mended');
      return { outcome: 'failed', message: errorShape(error).message };
    }
  }
}

const shown = ({ kind, target, why }: Trouble): Pick<Trouble, 'kind' | 'target' | 'why'> => ({ kind, target, why });
