// How fast this machine is: processor time that a fixed piece of work takes, as a share of what it takes on the machine that
// the budgets of docs/testing.md were measured on. `node tools/pace.mjs` prints it: 2 is a machine half as fast.
import { createHash } from 'node:crypto';

/** Microseconds of processor time that one round takes on that machine, when it is quiet. */
const REFERENCE = 9_000;
const ROUNDS = 8;
const ITEMS = 6_000;

function round() {
  const items = Array.from({ length: ITEMS }, (_, at) => ({
    id: `item-${(at * 7_919) % ITEMS}`,
    at,
    tags: ['a', 'b'],
  }));
  const copy = JSON.parse(JSON.stringify(items));
  copy.sort((one, other) => (one.id < other.id ? -1 : 1));
  const seen = new Map(copy.map(({ id, at }) => [id, at]));
  const text = [...seen.keys()].join(' ').replace(/item-(\d)\d*/g, '$1');
  return createHash('sha256').update(text.repeat(40)).digest('hex');
}

function micros() {
  const before = process.cpuUsage();
  round();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

// The first rounds are slower: nothing is compiled yet.
const took = Array.from({ length: ROUNDS }, micros).slice(ROUNDS / 2);
process.stdout.write(`${(Math.min(...took) / REFERENCE).toFixed(3)}\n`);
