// The templates there are, for whoever asks: those of the installation and of the operator's folder, read once, and those that were
// published. A name that a caller gives is looked up, and never used as a path.
import { AppError, type architect, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { compare } from 'semver';
import type { PublishedTemplates, TemplateSource } from './published.repository.js';
import type { Template } from './template.js';

type Tools = typeof architect.tools;
type Card = ToolOutput<Tools['list_available_templates']>['templates'][number];

/** A template, and where it is from. */
export interface Shelved {
  readonly template: Template;
  readonly source: TemplateSource;
}

export class Shelf {
  #read: Promise<ReadonlyMap<string, Shelved>> | undefined;

  /** @param read those of the installation and of the operator's folder: asked once, when somebody first wants a template */
  constructor(
    private readonly read: () => Promise<readonly Shelved[]>,
    private readonly published: Pick<PublishedTemplates, 'list' | 'versions' | 'read'>,
  ) {}

  /** By name. @throws AppError invalid_input when a folder is not right, or two templates have one name */
  installed(): Promise<ReadonlyMap<string, Shelved>> {
    this.#read ??= this.read()
      .then(byName)
      .catch((error: unknown) => {
        this.#read = undefined;
        throw error;
      });
    return this.#read;
  }

  async list({ query }: ToolInput<Tools['list_available_templates']> = {}): Promise<Card[]> {
    const cards = (await this.#newest()).map(describeTemplate);
    if (query === undefined) return cards;
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return cards.filter(({ name, title, summary, audience, tools }) => {
      const text = [name, title, summary, audience, ...tools].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  async names(): Promise<string[]> {
    const [installed, published] = await Promise.all([this.installed(), this.published.list()]);
    return [...new Set([...installed.keys(), ...published.map(({ name }) => name)])].sort();
  }

  /** Whether the installation or the operator's folder has this name: then nobody publishes under it. */
  async isInstalled(name: string): Promise<boolean> {
    return (await this.installed()).has(name);
  }

  /** The version, or the newest one. @throws AppError not_found, with what there is */
  async find(name: string, version?: string): Promise<Shelved> {
    const installed = (await this.installed()).get(name);
    if (installed !== undefined) {
      if (version === undefined || installed.template.form.version === version) return installed;
      throw noVersion(name, version, [installed.template.form.version]);
    }
    const versions = (await this.published.versions(name)).map((one) => one.version).sort(compare);
    const wanted = version ?? versions.at(-1);
    if (wanted === undefined)
      throw new AppError('not_found', `There is no template "${name}". There are: ${(await this.names()).join(', ')}.`);
    if (!versions.includes(wanted)) throw noVersion(name, wanted, versions);
    return this.published.read(name, wanted);
  }

  /** Undefined where the template is gone. */
  async newestVersion(name: string): Promise<string | undefined> {
    const installed = (await this.installed()).get(name);
    if (installed !== undefined) return installed.template.form.version;
    return (await this.published.versions(name))
      .map(({ version }) => version)
      .sort(compare)
      .at(-1);
  }

  /** @throws AppError not_found, with the names there are */
  async readme(name: string): Promise<ToolOutput<Tools['get_template_readme']>> {
    const { form, readme, files } = (await this.find(name)).template;
    const { version, title } = form;
    return { name, version, title, markdown: readme, files: files.map(({ path }) => path) };
  }

  async #newest(): Promise<Shelved[]> {
    const newest = new Map<string, string>();
    for (const { name, version } of await this.published.list()) {
      const known = newest.get(name);
      if (known === undefined || compare(version, known) > 0) newest.set(name, version);
    }
    const installed = await this.installed();
    const published = await Promise.all(
      [...newest].filter(([name]) => !installed.has(name)).map(([name, version]) => this.published.read(name, version)),
    );
    return [...installed.values(), ...published].sort((a, b) => (a.template.name < b.template.name ? -1 : 1));
  }
}

function byName(installed: readonly Shelved[]): ReadonlyMap<string, Shelved> {
  const names = installed.map(({ template }) => template.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new AppError('invalid_input', `Cannot use two templates called ${twice}: rename the folder of one of them.`);
  return new Map(installed.map((shelved) => [shelved.template.name, shelved]));
}

export function describeTemplate({ template: { name, form, files }, source }: Shelved): Card {
  const { version, title, summary, audience, tools, inputs } = form;
  return {
    ...{ name, version, title, summary, audience, tools, inputs },
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    source,
  };
}

const noVersion = (name: string, version: string, there: readonly string[]): AppError =>
  new AppError('not_found', `There is no version ${version} of ${name}. There are: ${there.join(', ')}.`);
