// Chance from a seed: the same seed gives the same session on any machine. Never asks a clock or the system's chance.

export class Random {
  #state: number;

  constructor(seed: number) {
    // Spread, so that neighbouring seeds have nothing in common.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const value = from[this.int(0, from.length - 1)];
    if (value === undefined && from.length === 0) throw new Error('nothing to pick from');
    return value as T;
  }

  weighted<T>(from: ReadonlyArray<readonly [number, T]>): T {
    let at = this.next() * from.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of from) {
      at -= weight;
      if (at < 0) return value;
    }
    throw new Error('nothing to pick from');
  }
}

const TEXTS = [
  '',
  'a',
  'hello world',
  'Grüße aus Köln',
  '日本語のテキスト',
  '👩‍🔬🧪',
  'line\nbreak\r\nand\ttab',
  '"quoted" \\ back',
  'data: x\n\nevent: message\n\n',
  '\u2028\u2029',
  '\ud800',
  '\u0000',
  '\u007f\u0080',
  '</script>',
  '{"jsonrpc":"2.0"}',
  'null',
  '-0',
] as const;
const NUMBERS = [0, -0, 1, -1, 0.1, 1e21, 1e-7, 1e308, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER - 2, 2 ** 53];
const KEYS = [
  'a',
  'b',
  'value',
  '',
  '__proto__',
  'constructor',
  'toString',
  'ключ',
  'a b',
  '0',
  '10',
  'jsonrpc',
] as const;

/** Any JSON, small. */
export function anyJson(random: Random, depth = 3): unknown {
  const kind = random.int(0, depth > 0 ? 7 : 4);
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.chance(0.5) ? random.pick(NUMBERS) : random.int(-1_000, 1_000);
    case 3:
    case 4:
      return anyText(random);
    case 5:
    case 6: {
      const entries = Array.from({ length: random.int(0, 3) }, () => [random.pick(KEYS), anyJson(random, depth - 1)]);
      return Object.fromEntries(entries as Array<[string, unknown]>);
    }
    default:
      return Array.from({ length: random.int(0, 4) }, () => anyJson(random, depth - 1));
  }
}

export function anyText(random: Random): string {
  return Array.from({ length: random.int(1, 3) }, () => random.pick(TEXTS)).join('');
}
