// The short hand of a lab: formulas, substances, sequences, samples, marks for later. Full of signs, and as ordinary as words.
import type { Random } from './random.js';
import { ELEMENTS, INDICES, MOLECULES, REMARKS, SYMBOLS } from './words.js';

export class Notation {
  constructor(private readonly random: Random) {}

  any(): string {
    return this.random.weighted<() => string>([
      [3, this.#formula],
      [3, this.#substance],
      [2, this.#sample],
      [2, this.#statistic],
      [1, this.#sequence],
      [2, this.#remark],
      [1, this.#code],
    ])();
  }

  readonly #number = (): string =>
    this.random.pick([
      () => String(this.random.whole(0, 99)),
      () => (this.random.next() * 20).toFixed(this.random.whole(1, 3)),
      () => `${this.random.whole(1, 9)}e-${this.random.whole(1, 12)}`,
      () =>
        `${(this.random.next() * 9 + 1).toFixed(1)} × 10${this.random.chance(0.5) ? '⁻' : ''}${this.random.pick(['³', '⁵', '⁶', '⁹'])}`,
    ])();

  readonly #symbol = (): string => {
    const { random } = this;
    const plain = random.pick(SYMBOLS);
    if (plain === 'Δ') return `Δ${random.pick(['T', 'E', 't', 'p'])}`;
    return random.chance(0.4) ? `${plain}_${random.pick(INDICES)}` : plain;
  };

  readonly #unit = (): string =>
    this.random.pick(['K', 'mbar', 'nm', 'V', 'mol/l', 'km/s', 's', 'Hz', '°C', 'mA', 'g', 'ppm', '%']);

  readonly #formula = (): string => {
    const [a, b, c] = [this.#symbol(), this.#symbol(), this.#symbol()];
    const { pick, whole } = this.random;
    return pick([
      () => `${a} = ${this.#number()} ± ${this.#number()} ${this.#unit()}`,
      () => `${a} [${this.#unit()}]`,
      () => `${a} ${pick(['>', '<', '>=', '<=', '≈', '~', '≠'])} ${this.#number()} ${this.#unit()}`,
      () => `${a} = ${b} * ${c}^${whole(2, 4)} + ${this.#number()}`,
      () => `(${a} - ${b}) / (${a} + ${b})`,
      () => `${pick(['exp(-', 'exp(', 'ln(', 'log10(', 'sin(2π ', 'sqrt('])}${a}/${b})`,
      () => `e^(-${a} t)`,
      () => `${a}^2 + ${b}^2`,
      () => `$${a} = ${b} ${c}^2$`,
      () => `$\\${pick(['alpha', 'beta', 'gamma', 'lambda', 'sigma', 'rho'])}_${whole(0, 9)}$`,
      () => `|${a}| < ${this.#number()}`,
      () => `d${a}/dt`,
      () => `${a} ${b} ${pick(['ln', 'log', ''])}(${whole(2, 9)})`,
    ])();
  };

  readonly #molecule = (): string => this.random.pick(MOLECULES);

  readonly #substance = (): string => {
    const { pick, whole } = this.random;
    return pick([
      this.#molecule,
      () => `${this.#molecule()} (${this.#number()} ${pick(['mol/l', 'mM', '%', 'g/l'])})`,
      () =>
        `${whole(2, 9)} ${this.#molecule()} + ${this.#molecule()} ${pick(['->', '→', '<=>', '⇌'])} ${whole(2, 9)} ${this.#molecule()} + ${this.#molecule()}`,
      () => `${pick(ELEMENTS)}-${whole(2, 238)}`,
      () => `${pick(ELEMENTS)}(${pick(['I', 'II', 'III', 'IV', 'VI'])})`,
      () => `${this.#molecule()}/${this.#molecule()}`,
    ])();
  };

  readonly #sample = (): string => {
    const { pick, whole } = this.random;
    const letter = (): string => pick([...'ABCDEFGHKMQRSTX']);
    return pick([
      () => `${letter()}${whole(1, 12)}`,
      () => `#${whole(1, 999)}`,
      () => `${letter()}${whole(1, 9)}/${letter()}${whole(1, 9)}`,
      () =>
        `${pick(['AB', 'BK', 'FK', 'MX', 'QC', 'RT', 'SN', 'TR', 'WS'])}-${whole(1, 99)}${pick(['', '', 'a', 'b', '*'])}`,
      () => `${letter()}${whole(1, 9)}-${letter()}${whole(1, 9)}_${whole(1, 20)}`,
      () => `${whole(1, 40)}.${whole(1, 9)}.${whole(0, 9)}`,
      () => `${whole(1, 96)}-well, ${letter()}${whole(1, 12)}`,
      () => `Q${whole(1, 4)}/${whole(2019, 2027)}`,
      () => `10.${whole(1000, 9999)}/${pick(['j', 's', 'phys', 'acs'])}.${whole(2001, 2026)}.${whole(10, 99_999)}`,
    ])();
  };

  readonly #statistic = (): string => {
    const { pick, whole, next } = this.random;
    return pick([
      () => `p ${pick(['<', '=', '>'])} 0.${pick(['05', '01', '001', '32'])} (n=${whole(3, 400)})`,
      () => `R² = ${next().toFixed(3)}`,
      () => `χ²/dof = ${(next() * 3).toFixed(2)}`,
      () => `${pick(['>', '>=', '<'])} ${whole(2, 6)}σ`,
      () => `${whole(1, 20)}:${whole(1, 100)}`,
      () => `${whole(1, 99)} % (${whole(1, 50)}/${whole(51, 99)})`,
      () => `[${this.#number()}, ${this.#number()}]`,
      () => `mean ± sd: ${this.#number()} ± ${this.#number()}`,
    ])();
  };

  readonly #sequence = (): string => {
    const { random } = this;
    const run = (letters: string, from: number, to: number): string =>
      random.some([...letters], random.whole(from, to)).join('');
    return random.pick([
      () => `5'-${run('ACGT', 8, 40)}-3'`,
      () => `5′-${run('ACGT', 8, 40)}-3′`,
      () => run('ACGT', 10, 80),
      () => `>seq_${random.whole(1, 99)}\n${run('ACGU', 12, 60)}`,
    ])();
  };

  readonly #remark = (): string => this.random.pick(REMARKS);

  readonly #code = (): string => {
    const { pick } = this.random;
    const [a, b] = [pick(['flux', 'x', 'df', 'data', 'y', 'runs']), pick(['time', 'class', 'id', 'value', 'band'])];
    return pick([
      () => `${a}.groupby("${b}").${pick(['size', 'mean', 'sum'])}()`,
      () => `${pick(['mean', 'std', 'max', 'median'])}(${a})`,
      () => `np.${pick(['log10', 'abs', 'diff'])}(${a})`,
      () => `${a}[${a}.${b} > ${this.#number()}]`,
      () => `${a}["${b}"]`,
      () => `for ${pick(['i', 'k'])} in range(${this.random.whole(2, 99)}):`,
      () => `plot(${a}, ${b}, 'o-')`,
      () => `${pick(['y', 'z', 'f(x)'])} = ${pick(['a', 'm', '2'])}*x ${pick(['+', '-'])} ${pick(['b', 'c', 'k*t'])}`,
      () => `if ${pick(['n', 'x', 'err'])} > ${this.random.whole(0, 9)}: ${pick(['break', 'stop()', 'continue'])}`,
      () => `#include <${pick(['stdio', 'fitsio', 'mpi', 'string'])}.h>`,
      () => `import ${pick(['pandas as pd', 'xarray as xr', 'healpy'])}`,
    ])();
  };
}
