// What people and programs of the lab write: questions, notes, data, snippets. Normal text may speak of queries, paths and
// commands, since labs do; it attacks nothing.
import { foreignSentences } from './languages.js';
import { Notation } from './notation.js';
import type { Random } from './random.js';
import { ADJECTIVES, coined, DOCUMENTS, FAMILY, GIVEN, HOSTS, NOUNS, PLACES, UNITS, VERBS } from './words.js';

/** Sentences from elsewhere, such as documents, that normal texts may quote. */
export class Prose {
  readonly #notation: Notation;

  constructor(
    private readonly random: Random,
    private readonly quotes: readonly string[] = [],
  ) {
    this.#notation = new Notation(random);
  }

  noun = (): string => (this.random.chance(0.08) ? coined(this.random) : this.random.pick(NOUNS));
  adjective = (): string => this.random.pick(ADJECTIVES);
  verb = (): string => this.random.pick(VERBS);
  person = (): string => `${this.random.pick(GIVEN)} ${this.random.pick(FAMILY)}`;
  amount = (): string =>
    this.random.chance(0.4)
      ? String(this.random.whole(1, 500))
      : (this.random.next() * 40).toFixed(this.random.whole(1, 6));
  quantity = (): string =>
    `${(this.random.normal(100, 80)).toFixed(this.random.whole(0, 3))} ${this.random.pick(UNITS)}`;
  day = (): string =>
    `20${this.random.whole(14, 26)}-${two(this.random.whole(1, 12))}-${two(this.random.whole(1, 28))}`;
  time = (): string =>
    `${this.day()}T${two(this.random.whole(0, 23))}:${two(this.random.whole(0, 59))}:${two(this.random.whole(0, 59))}Z`;
  slug = (): string => `${this.noun()}-${this.random.chance(0.5) ? this.noun() : this.random.whole(1, 99)}`;
  email = (): string =>
    `${this.random.pick(GIVEN).toLowerCase()}.${this.random.pick(FAMILY).toLowerCase().replace("'", '')}@${this.random.pick(HOSTS)}`;
  path = (): string => {
    const { pick, chance } = this.random;
    const windows = chance(0.25);
    const root = windows
      ? pick([
          'C:\\data',
          'D:\\lab',
          `C:\\Users\\${pick(GIVEN)}`,
          `\\\\${pick(['nas', 'files'])}${this.random.whole(1, 9)}\\share`,
        ])
      : pick(['data', 'runs', 'exports', '/srv/lab', '/home/ada', '~/notebooks']);
    const folders = [this.slug(), ...(chance(0.3) ? [this.day()] : []), ...(chance(0.2) ? [this.noun()] : [])];
    const file = `${chance(0.3) ? `${this.noun()}_${this.random.whole(1, 999)}` : this.slug()}.${pick(['csv', 'json', 'parquet', 'yaml', 'fits', 'txt', 'png', 'xlsx', 'h5'])}`;
    return [root, ...folders, file].join(windows ? '\\' : '/');
  };
  url = (): string => {
    const query = this.random.chance(0.4)
      ? `?from=${this.day()}&to=${this.day()}${this.random.chance(0.3) ? `&limit=${this.random.whole(1, 500)}` : ''}`
      : '';
    return `https://${this.random.pick(HOSTS)}/${this.random.pick(['data', 'api/v1', 'records', 'files'])}/${this.slug()}${query}`;
  };

  question(): string {
    const { pick, chance } = this.random;
    if (chance(0.2)) return foreignSentences(this.random, chance(0.8) ? 1 : 2);
    if (chance(0.04)) return this.#notation.any();
    const asked = pick([
      () => `How do I ${this.verb()} the ${this.adjective()} ${this.noun()} of a ${this.noun()}?`,
      () => `Which ${this.noun()}s have a ${this.adjective()} ${this.noun()}?`,
      () => `what is the difference between ${this.noun()} and ${this.noun()}`,
      () => `Why does the ${this.noun()} ${this.verb()} fail with "${this.adjective()} ${this.noun()}"?`,
      () =>
        `Can I ${this.verb()} a ${this.noun()} from ${this.day()} to ${this.day()}, and ${this.verb()} it as ${pick(['CSV', 'JSON', 'Parquet', 'YAML'])}?`,
      () => `${this.noun()} ${this.noun()} ${this.adjective()}`,
      () => `Who can ${this.verb()} or ${this.verb()} the ${this.noun()}s of ${this.person()}?`,
      () => `What's the ${this.noun()} at ${this.quantity()} (${this.adjective()} ${this.noun()})?`,
      () => `where is ${this.path()} described & who keeps it?`,
      () =>
        `Is it true that ${this.noun()} > ${this.amount()} and ${this.noun()} < ${this.amount()} when the ${this.noun()} is ${this.adjective()}?`,
      () =>
        `Explain how to select rows from a table where ${this.noun()} = ${this.amount()}, then group by ${this.noun()}`,
    ])();
    return chance(0.2) ? `${asked} ${this.sentence()}` : asked;
  }

  sentence(): string {
    const { pick, chance, whole } = this.random;
    if (this.quotes.length > 0 && chance(0.35)) return pick(this.quotes);
    if (chance(0.08)) return foreignSentences(this.random, 1);
    if (chance(0.08)) return this.#noted();
    return pick([
      () =>
        `The ${this.adjective()} ${this.noun()} was ${this.quantity()} on ${this.day()}, about ${whole(1, 60)}% above the ${this.noun()}.`,
      () => `We ${this.verb()} the ${this.noun()} first; then ${this.verb()} each ${this.noun()} (see ${this.path()}).`,
      () => `Run \`npm run ${this.noun()}\` and look at ${this.path()}.`,
      () =>
        `${this.person()} found that the ${this.noun()}'s ${this.noun()} is ${this.adjective()}: replace it, or ${this.verb()} the ${this.noun()}.`,
      () => `It happens when ${this.noun()} = ${this.amount()} and the ${this.noun()} is "${this.adjective()}".`,
      () => `See ${this.url()} for the ${this.noun()}, or ask ${this.email()}.`,
      () =>
        `- ${this.verb()} the ${this.noun()} [${whole(1, 20)}]\n- ${this.verb()} the ${this.noun()}, e.g. ${this.quantity()}`,
      () =>
        `Don't ${this.verb()} ${this.noun()}s at ${this.time()} - the ${this.noun()} isn't ${this.adjective()} yet!`,
      () =>
        `After the restart of ${pick(PLACES)} the ${this.noun()} was ${this.adjective()} again, so ${this.verb()} it within ${whole(2, 90)} minutes.`,
      () =>
        `Use ${pick(DOCUMENTS)} as a reference; its ${this.noun()} #${whole(1, 400)} has ${whole(2, 9)} x ${whole(2, 900)} values.`,
      () => (chance(0.3) ? this.snippet() : `${this.title()}.`),
    ])();
  }

  /** Words with something written in the lab's short hand. */
  #noted(): string {
    const noted = (): string => this.#notation.any();
    return this.random.pick([
      () => `The ${this.noun()} has ${noted()} and the ${this.noun()} ${noted()}.`,
      () => `${this.adjective()} ${this.noun()}: ${noted()}`,
      () => `${noted()}, ${noted()} (${this.noun()} ${this.random.whole(1, 20)})`,
      () => `${this.verb()} ${noted()} ${this.random.pick(['with', 'at', 'for', 'until'])} ${noted()}`,
      noted,
    ])();
  }

  /** Code in notes: short, and of the kind that notes have. */
  snippet(): string {
    const name = this.noun();
    return this.random.pick([
      () => `\`\`\`python\n${name} = frame["${this.noun()}"].mean()\nprint(${name})\n\`\`\``,
      () =>
        `\`\`\`sql\nselect ${name}, count(*) from ${this.noun()}s where ${this.noun()} > ${this.amount()} group by ${name};\n\`\`\``,
      () =>
        `\`\`\`bash\nnpx labmesh call curator_fetch_dataset --arg datasetId=ds_${this.slug()} --arg limit=${this.random.whole(1, 99)}\n\`\`\``,
      () =>
        `\`${name}.${this.noun()}(${this.random.whole(0, 9)}, ${this.amount()})\` returns { "${this.noun()}": ${this.amount()} }`,
      () => `f(x) = ${this.amount()} * x + ${this.amount()}`,
    ])();
  }

  sentences(from: number, to: number): string {
    if (to > 0 && this.random.chance(0.15)) return foreignSentences(this.random, this.random.whole(from, to));
    return Array.from({ length: this.random.whole(from, to) }, () => this.sentence()).join(
      this.random.chance(0.3) ? '\n\n' : ' ',
    );
  }

  title(): string {
    const { pick, chance } = this.random;
    if (chance(0.12)) return foreignSentences(this.random, 1);
    if (chance(0.15)) return chance(0.5) ? this.#notation.any() : this.#noted();
    return pick([
      () => `${capital(this.adjective())} ${this.noun()} of the ${this.noun()}`,
      () => `${capital(this.verb())} ${this.noun()}s: ${this.adjective()} ${this.noun()}`,
      () => `${capital(this.noun())} ${this.random.whole(1, 40)} (${pick(PLACES)}, ${this.day()})`,
      () => `${this.slug()}`,
      () => `${this.person()}'s ${this.noun()} / ${this.noun()}`,
    ])();
  }

  /** One record of data, as JSON would have it. */
  record(columns: readonly string[]): Record<string, unknown> {
    const { pick } = this.random;
    return Object.fromEntries(
      columns.map((column, at) => [
        column,
        at === 0
          ? this.time()
          : pick([
              () => Number(this.amount()),
              () => this.noun(),
              () => null,
              () => `${this.adjective()} ${this.noun()}`,
              () => this.random.whole(0, 9_999),
              () => (this.random.chance(0.3) ? this.#notation.any() : null),
            ])(),
      ]),
    );
  }

  columns = (): string[] => [
    'time',
    ...new Set(
      this.random
        .some(NOUNS, this.random.whole(2, 6))
        .map((noun) => (this.random.chance(0.3) ? `${noun}_${this.random.pick(['mean', 'max', 'k', 'id'])}` : noun)),
    ),
  ];
}

const two = (number: number): string => String(number).padStart(2, '0');
const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
