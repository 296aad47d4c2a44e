// Runs sessions on both sides and says where they part. One seed is one session; its result never depends on other seeds.
import type { OracleLab } from './labs.js';
import { Leg } from './leg.js';
import { sessionOf } from './session.js';
import { firstDifference } from './transcript.js';

export interface Difference {
  readonly seed: number;
  readonly operation: string;
  /** Place of the operation in its session, from 1. */
  readonly at: number;
  readonly where: string;
}

export interface Outcome {
  readonly sessions: number;
  readonly operations: number;
  /** Compared answers. */
  readonly answers: number;
  readonly differences: readonly Difference[];
}

export interface RunOptions {
  readonly from: number;
  readonly seeds: number;
  readonly narrowToken: string;
  /** How many differences are enough to stop. */
  readonly enough?: number;
}

/** Sessions under way at once. */
const AT_ONCE = 4;
/** A broken endpoint differs everywhere: this many are enough to see why. */
const DIFFERENCES_MAX = 5;

/** A token of the same wallet that can read the fixture and nothing else. */
export async function narrowToken(lab: OracleLab): Promise<string> {
  const leg = new Leg(lab.gateway, lab.token, '');
  const wanted = leg.modern({ method: 'tools/call' });
  const params = { ...(JSON.parse(wanted.body as string) as { params: object }).params };
  const name = 'sentinel_generate_wallet_token';
  const got = await leg.send({
    headers: { ...wanted.headers, 'mcp-name': name },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { ...params, name, arguments: { permissions: ['agent:read'] } },
    }),
  });
  leg.wire.close();
  const token = /"token":"([^"]+)"/.exec(got.text)?.[1];
  if (token === undefined) throw new Error(`no narrow token: ${got.text}`);
  return token;
}

export async function runSeeds(lab: OracleLab, options: RunOptions): Promise<Outcome> {
  const differences: Difference[] = [];
  let [next, operations, answers, sessions] = [options.from, 0, 0, 0];
  const end = options.from + options.seeds;
  const enough = options.enough ?? DIFFERENCES_MAX;
  const worker = async (): Promise<void> => {
    while (next < end && differences.length < enough) {
      const seed = next++;
      const done = await runSeed(lab, seed, options.narrowToken);
      sessions += 1;
      operations += done.operations;
      answers += done.answers;
      if (done.difference !== undefined) differences.push(done.difference);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { sessions, operations, answers, differences: differences.sort((a, b) => a.seed - b.seed) };
}

async function runSeed(
  lab: OracleLab,
  seed: number,
  narrow: string,
): Promise<{ operations: number; answers: number; difference: Difference | undefined }> {
  const session = sessionOf(seed);
  const token = session.narrow ? narrow : lab.token;
  const nonce = crypto.randomUUID();
  const own = new Leg(lab.own, token, `own-${nonce}`);
  const gateway = new Leg(lab.gateway, token, `gateway-${nonce}`);
  let answers = 0;
  try {
    for (const [index, operation] of session.operations.entries()) {
      const [left, right] = await Promise.all([operation.run(own), operation.run(gateway)]);
      answers += left.length;
      const where = firstDifference(left.join('\n\n'), right.join('\n\n'));
      if (where !== undefined)
        return {
          operations: index + 1,
          answers,
          difference: { seed, operation: operation.what, at: index + 1, where },
        };
    }
    return { operations: session.operations.length, answers, difference: undefined };
  } finally {
    own.wire.close();
    gateway.wire.close();
  }
}

/** For a person: what differs, and how to see it again. */
export const told = ({ seed, operation, at, where }: Difference, mode: string): string =>
  [
    `seed ${seed}, operation ${at}: ${operation}`,
    `  first difference ${where}`,
    `  replay: npm run oracle -- --seeds 1 --from ${seed}${mode === 'lab' ? '' : ` --mode ${mode}`}`,
  ].join('\n');
