// The policy of recovery and what was done under it. An action is written before it is begun, so that it counts whatever becomes of
// the process; replicas take turns for each target.
import type { mechanic, RecoveryKind, ToolOutput } from '@labmesh/contracts';
import { mechanic as contract } from '@labmesh/contracts';
import { DATABASE, type Database, enqueueEvent, Outbox } from '@labmesh/db';
import { newId } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Trouble } from './trouble.js';

type Answer = ToolOutput<typeof mechanic.tools.automated_recovery>;
export type Policy = Answer['policy'][number];
type Recent = Answer['recent'][number];

export interface Begun extends Pick<Trouble, 'kind' | 'target' | 'why'> {
  readonly id: string;
  readonly by: string;
}

@Injectable()
export class RecoveryLog {
  constructor(
    @Inject(DATABASE) private readonly database: Pick<Database, 'pool' | 'prisma'>,
    @Inject(Outbox) private readonly outbox: Pick<Outbox, 'poke'>,
  ) {}

  async policy(): Promise<Policy[]> {
    const { rows } = await this.database.pool.query<Policy>(
      'SELECT kind, mode, per_hour AS "perHour" FROM mechanic.recovery_policy ORDER BY kind',
    );
    return rows;
  }

  async setPolicy(
    kind: RecoveryKind,
    change: { mode: Policy['mode']; perHour?: number | undefined },
    by: string,
  ): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE mechanic.recovery_policy SET mode = ${change.mode}, per_hour = coalesce(${change.perHour ?? null}::int, per_hour),
             set_at = clock_timestamp(), set_by = ${by} WHERE kind = ${kind}`;
  }

  /** Undefined when it was begun as often as it may within the hour, or another replica is at it. */
  async begin({ kind, target, why }: Trouble, by: string): Promise<Begun | undefined> {
    const id = newId();
    const begun = await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`recovery:${kind}:${target}`}, 0))`;
      return tx.$executeRaw`
        INSERT INTO mechanic.recovery_actions (id, kind, target, why, by)
        SELECT ${id}::uuid, ${kind}, ${target}, ${why}, ${by} FROM mechanic.recovery_policy p
         WHERE p.kind = ${kind}
           AND p.per_hour > (SELECT count(*) FROM mechanic.recovery_actions a WHERE a.kind = ${kind} AND a.target = ${target}
                                AND a.begun_at > clock_timestamp() - interval '1 hour')
           AND NOT EXISTS (SELECT 1 FROM mechanic.recovery_actions a WHERE a.kind = ${kind} AND a.target = ${target}
                              AND a.outcome = 'begun' AND a.begun_at > clock_timestamp() - interval '1 minute')`;
    });
    return begun === 1 ? { id, kind, target, why, by } : undefined;
  }

  /** With the event that tells of it. */
  async end({ id, ...action }: Begun, outcome: 'done' | 'failed', message: string): Promise<void> {
    await this.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`
        UPDATE mechanic.recovery_actions SET outcome = ${outcome}, message = ${message} WHERE id = ${id}::uuid AND outcome = 'begun'`;
      await enqueueEvent(tx, contract.events.recovery_done, { ...action, outcome, message });
    });
    // What mending has told in its own transactions leaves with it.
    this.outbox.poke();
  }

  async recent(): Promise<Recent[]> {
    const { rows } = await this.database.pool.query<Omit<Recent, 'at'> & { at: Date }>(
      'SELECT begun_at AS at, kind, target, why, by, outcome, message FROM mechanic.recovery_actions ORDER BY begun_at DESC, id DESC LIMIT 20',
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }
}
