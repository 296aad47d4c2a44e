// Which rows of the knowledge base belong to a project, of its owner's alone. Whether somebody has such a project is asked elsewhere.
import { DATABASE, type Database } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface ProjectBelongings {
  readonly collections: ReadonlySet<string>;
  readonly solutions: ReadonlySet<string>;
}

const OF = `
  SELECT id, 'collection' AS what FROM librarian.collections WHERE project_id = $1 AND owner = $2
  UNION ALL SELECT solution_id, 'solution' FROM librarian.solution_projects WHERE project_id = $1 AND owner = $2`;

@Injectable()
export class BelongingsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  /** Ids of collections and of solutions. */
  async of(projectId: string, owner: string): Promise<ProjectBelongings> {
    const { rows } = await this.database.pool.query<{ id: string; what: string }>(OF, [projectId, owner]);
    const ids = (wanted: string) => new Set(rows.filter(({ what }) => what === wanted).map(({ id }) => id));
    return { collections: ids('collection'), solutions: ids('solution') };
  }

  /** A solution that is there is the project's from now on, whoever logged it first. */
  async addSolution(projectId: string, owner: string, solutionId: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO librarian.solution_projects (project_id, solution_id, owner) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [projectId, solutionId, owner],
    );
  }
}
