// Projects as the Architect knows them, asked with the caller's rights. Another's project is to the Librarian what it is to the
// Architect: none.
import { AgentClients } from '@labmesh/agent';
import { architect, type Call, type librarian, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';

export type ProjectTexts = ToolOutput<(typeof architect.tools)['read_project_texts']>['files'];

@Injectable()
export class OwnProjects {
  constructor(@Inject(AgentClients) private readonly clients: AgentClients<typeof librarian>) {}

  /** @throws AppError not_found, also for another's, and what else the Architect refuses with */
  async assertOwn(projectId: string, call: Call): Promise<void> {
    await this.clients.of(architect, call).find_project({ projectId });
  }

  /** As they are now. @throws AppError as `assertOwn` */
  async texts(projectId: string, call: Call): Promise<ProjectTexts> {
    return (await this.clients.of(architect, call).read_project_texts({ projectId })).files;
  }
}
