// Summaries of projects: texts come from the Architect, with the rights of whoever asks; what they say is told from them alone, and by
// a model too where one is named. What a model does never keeps a summary from anybody.
import { AgentClients } from '@labmesh/agent';
import { AppError, architect, type Call, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Models, type OpenModel } from '../assistant/models.js';

type Spec = (typeof librarian.tools)['generate_documentation_summary'];
type Summarized = ToolOutput<Spec>;

/** What is left of a call for reading code ends this much before its deadline. */
const REST_MS = 5_000;
const READING_MS_MAX = 20_000;

@Injectable()
export class Summaries {
  constructor(
    @Inject(AgentClients) private readonly clients: AgentClients<typeof librarian>,
    @Inject(Models) private readonly models: Pick<Models, 'open' | 'assertKnown'>,
  ) {}

  /**
   * @throws AppError not_found for another's project or upload and for a model that the lab has not, forbidden for who may not use
   * models, and what else the Architect refuses with
   */
  async of({ model, ...source }: ToolInput<Spec>, call: Call): Promise<Summarized> {
    if (model !== undefined) await this.#assertMayUse(model, call);
    const { name, files } = await this.clients.of(architect, call).read_project_texts(source);
    // Few labs ask for one in an hour: its parsers are loaded when they do.
    const { summarize, withModel } = await import('@labmesh/projects/summary');
    const read = files.flatMap(({ path, text, executable }) =>
      text === null ? [] : [{ path, bytes: Buffer.from(text), executable }],
    );
    const unread = files.filter(({ text }) => text === null).map(({ path }) => path);
    const withinMs = Math.min(READING_MS_MAX, call.deadline - Date.now() - REST_MS);
    const summary = await summarize({ name, files: read, unread }, { withinMs, signal: call.signal });
    if (model === undefined) return { name, summary };
    const { nothingOf, toldByModel } = await import('./model/told-by-model.js');
    const opened = await this.#open(model);
    if (opened instanceof AppError)
      return { name, summary: withModel(name, summary, nothingOf(model, opened.message)) };
    const patience = { signal: call.signal, withinMs: call.deadline - Date.now() - REST_MS };
    const told = await toldByModel({ model: opened, name, summary, files: read }, patience);
    return { name, summary: withModel(name, summary, told) };
  }

  async #assertMayUse(model: string, { principal }: Call): Promise<void> {
    if (!principal.permissions.includes('model:use'))
      throw new AppError(
        'forbidden',
        'Cannot let a model tell of it: your role may not use language models (model:use). Leave model out.',
      );
    await this.models.assertKnown(model);
  }

  /** Opened when it is asked and not before; the failure where it cannot be. */
  async #open(model: string): Promise<OpenModel | AppError> {
    try {
      return await this.models.open(model);
    } catch (thrown) {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    }
  }
}
