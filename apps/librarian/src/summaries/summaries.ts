// Summaries of projects: texts come from the Architect, with the rights of whoever asks; what they say is told from them alone.
import { AgentClients } from '@labmesh/agent';
import { architect, type Call, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';

type Spec = (typeof librarian.tools)['generate_documentation_summary'];

/** What is left of a call for reading code ends this much before its deadline. */
const REST_MS = 5_000;
const READING_MS_MAX = 20_000;

@Injectable()
export class Summaries {
  constructor(@Inject(AgentClients) private readonly clients: AgentClients<typeof librarian>) {}

  /** @throws AppError not_found for another's project or upload, and what else the Architect refuses with */
  async of(input: ToolInput<Spec>, call: Call): Promise<ToolOutput<Spec>> {
    const { name, files } = await this.clients.of(architect, call).read_project_texts(input);
    // Few labs ask for one in an hour: its parsers are loaded when they do.
    const { summarize } = await import('@labmesh/projects/summary');
    const read = files.flatMap(({ path, text, executable }) =>
      text === null ? [] : [{ path, bytes: Buffer.from(text), executable }],
    );
    const unread = files.filter(({ text }) => text === null).map(({ path }) => path);
    const withinMs = Math.min(READING_MS_MAX, call.deadline - Date.now() - REST_MS);
    const summary = await summarize({ name, files: read, unread }, { withinMs, signal: call.signal });
    return { name, summary };
  }
}
