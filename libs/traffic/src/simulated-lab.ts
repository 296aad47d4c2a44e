// A lab in its ordinary life: people with working days, AI clients that come in bursts, scripts at night, newcomers, outages.
// Yields calls in the order of their time, day by day. It attacks nothing; campaigns do.
import type { Role } from '@labmesh/contracts';
import { DEEDS, mishap, SCRIPT_DEEDS, type Surroundings } from './deeds.js';
import { Prose } from './prose.js';
import { type Random, seeded, uuid } from './random.js';
import { callOf, type Principal, type SimulatedCall } from './simulated-call.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 2);

export interface LabOptions {
  readonly seed: number;
  readonly days: number;
  /** Sentences that normal texts may quote. */
  readonly quotes?: readonly string[];
}

const CREW: ReadonlyArray<readonly [number, Role, Principal['habit']]> = [
  [9, 'researcher', 'person'],
  [10, 'citizen', 'person'],
  [3, 'developer', 'person'],
  [3, 'validator', 'person'],
  [1, 'operator', 'person'],
  [6, 'researcher', 'client'],
  [3, 'citizen', 'client'],
  [3, 'researcher', 'script'],
];

export class SimulatedLab implements Surroundings {
  readonly random: Random;
  readonly prose: Prose;
  readonly labDatasets: readonly string[];
  readonly principals: Principal[] = [];

  constructor(private readonly options: LabOptions) {
    this.random = seeded(options.seed);
    this.prose = new Prose(this.random, options.quotes);
    this.labDatasets = Array.from(
      { length: 12 },
      () => `ds_${this.random.chance(0.5) ? this.prose.slug() : uuid(this.random)}`,
    );
    for (const [many, role, habit] of CREW)
      for (let at = 0; at < many; at++) this.principals.push(this.newcomer(role, habit));
  }

  get start(): number {
    return START;
  }

  newcomer(role: Role, habit: Principal['habit']): Principal {
    const { random } = this;
    return {
      walletId: `wal_${uuid(random)}`,
      credentialId: `cred_${uuid(random)}`,
      role,
      habit,
      fromHour: habit === 'script' ? random.whole(0, 4) : random.whole(6, 12),
      hours: habit === 'script' ? 1 : random.whole(6, 10),
      datasets: Array.from({ length: random.whole(0, 6) }, () => `ds_${uuid(random)}`),
    };
  }

  *calls(): Generator<SimulatedCall, void, void> {
    for (let day = 0; day < this.options.days; day++) yield* this.#day(START + day * DAY_MS);
  }

  #day(start: number): SimulatedCall[] {
    const { random } = this;
    if (random.chance(0.3))
      this.principals.push(
        this.newcomer(random.pick(['citizen', 'researcher'] as const), random.pick(['person', 'client'] as const)),
      );
    const weekend = [0, 6].includes(new Date(start).getUTCDay());
    const outage = random.chance(0.15) ? start + random.next() * DAY_MS : Number.NaN;
    const calls: SimulatedCall[] = [];
    for (const who of this.principals) {
      const works = who.habit === 'script' || random.chance(weekend ? 0.12 : 0.85);
      if (works) calls.push(...this.#work(who, start));
    }
    calls.push(...this.#strangers(start));
    calls.sort((a, b) => a.at - b.at);
    return calls.map((call) =>
      call.at >= outage && call.at < outage + 180_000 && random.chance(0.6)
        ? { ...call, outcome: 'unavailable' as const, outputBytes: 120 }
        : call,
    );
  }

  #work(who: Principal, start: number): SimulatedCall[] {
    const { random } = this;
    if (random.chance(who.habit === 'person' ? 0.5 : 0.1)) who.credentialId = `cred_${uuid(random)}`;
    if (who.habit === 'script') return this.#script(who, start + who.fromHour * HOUR_MS + random.normal(0, 120_000));
    const calls: SimulatedCall[] = [];
    const sessions = random.whole(1, who.habit === 'client' ? 6 : 4);
    for (let session = 0; session < sessions; session++) {
      // Now and then somebody begins earlier, or works late.
      const hour =
        who.fromHour + (random.chance(0.06) ? random.next() * (who.hours + 6) - 2 : random.next() * who.hours);
      calls.push(...this.#session(who, start + hour * HOUR_MS));
    }
    return calls;
  }

  #session(who: Principal, start: number): SimulatedCall[] {
    const { random } = this;
    const calls: SimulatedCall[] = [];
    const many = Math.min(90, Math.ceil(random.logNormal(who.habit === 'client' ? 18 : 9, 0.7)));
    let at = start;
    let again: SimulatedCall | undefined;
    for (let done = 0; done < many; done++) {
      // What failed is tried again, once or twice, unchanged.
      if (again !== undefined && random.chance(0.5)) calls.push({ ...again, at: Math.round(at) });
      else {
        const deed = mishap(random.weighted(DEEDS[who.role])(this, who), this);
        calls.push(callOf(deed, who, at));
      }
      const last = calls.at(-1);
      again =
        last !== undefined && ['not_found', 'invalid_input', 'deadline_exceeded'].includes(last.outcome)
          ? last
          : undefined;
      at += who.habit === 'client' ? random.logNormal(2_500, 0.9) : random.logNormal(25_000, 1);
    }
    return calls;
  }

  #script(who: Principal, start: number): SimulatedCall[] {
    const rounds = this.random.whole(5, 9);
    return Array.from({ length: rounds * SCRIPT_DEEDS.length }, (_, at) => {
      const deed = SCRIPT_DEEDS[at % SCRIPT_DEEDS.length]?.(this, who) as ReturnType<(typeof SCRIPT_DEEDS)[number]>;
      return callOf(deed, who, start + at * 1_500);
    });
  }

  /** Programs whose token has run out: they try once or a few times, and stop. */
  #strangers(start: number): SimulatedCall[] {
    const { random } = this;
    return Array.from({ length: random.whole(0, 5) }, () => start + random.next() * DAY_MS).flatMap((first) =>
      Array.from({ length: random.whole(1, 3) }, (_, at) =>
        callOf(
          { agent: 'gateway', tool: 'tools/call', arguments: {}, outcome: 'unauthenticated', durationMs: 2 },
          { walletId: null, credentialId: null },
          first + at * 2_000,
        ),
      ),
    );
  }
}
