// The vials there are, for whoever asks. It holds them in memory: a name that a caller gives is never used as a path.
import { AppError, type architect, type ToolOutput } from '@labmesh/contracts';
import type { Vial } from './vial.js';

type Tools = typeof architect.tools;

export class Shelf {
  readonly #vials: ReadonlyMap<string, Vial>;

  constructor(vials: readonly Vial[]) {
    this.#vials = new Map(vials.map((vial) => [vial.name, vial]));
  }

  list(): ToolOutput<Tools['list_available_templates']>['templates'] {
    return [...this.#vials.values()].map(({ name, title, summary, audience, tools }) => ({
      name,
      title,
      summary,
      audience,
      tools,
    }));
  }

  /** @throws AppError not_found, with the names there are */
  readme(name: string): ToolOutput<Tools['get_template_readme']> {
    const vial = this.#vials.get(name);
    if (vial === undefined) {
      throw new AppError(
        'not_found',
        `There is no template "${name}". There are: ${[...this.#vials.keys()].join(', ')}.`,
      );
    }
    return { name, title: vial.title, markdown: vial.markdown };
  }
}
