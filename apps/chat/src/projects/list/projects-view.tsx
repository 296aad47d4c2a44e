// The caller's projects, the newest first, and which of them have a newer template.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { projectsHref } from '../../route.js';
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { ShowMore } from '../../ui/show-more.js';
import type { Listed, ProjectPage } from '../project.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

const PAGE = 25;
const PAGE_MAX = 200;

export function ProjectsView() {
  const parts = useParts();
  const [limit, setLimit] = useState(PAGE);
  const { value, failure, busy } = useAnswer<ProjectPage>(TOOLS.list, { limit });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Projects</h1>
          <p className="muted">What you started from the lab’s templates.</p>
        </div>
        {parts.has('templates') && (
          <div className="page-actions">
            <a className="button button-main" href={projectsHref('templates')} data-testid="project-new">
              New project
            </a>
          </div>
        )}
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the projects…" lines={6} />}
      {value && value.projects.length === 0 && (
        <div className="nothing" data-testid="projects-nothing">
          <p>You have started no project yet.</p>
          <p className="muted">Choose a template here, or let your assistant do it.</p>
        </div>
      )}
      {value && value.projects.length > 0 && (
        <ul className="project-list" data-testid="projects" aria-busy={busy}>
          {value.projects.map((project) => (
            <li key={project.projectId}>
              <ProjectRow project={project} />
            </li>
          ))}
        </ul>
      )}
      {value?.nextCursor !== undefined && limit < PAGE_MAX && <ShowMore limit={limit} busy={busy} onLimit={setLimit} />}
    </>
  );
}

const PLACES = { folder: 'folder', archive: 'archive', both: 'folder and archive' } as const;

function ProjectRow({ project }: { project: Listed }) {
  const { newestVersion, version } = project;
  const isOld = newestVersion !== null && newestVersion !== version;
  return (
    <a className="project-row" href={projectsHref('list', project.projectId)}>
      <span className="project-name">{project.name}</span>
      <span className="muted">
        {project.template} {version}
      </span>
      <span className="muted">{PLACES[project.place]}</span>
      <span className="muted project-time" title={formatWhole(project.updatedAt)}>
        {formatFromNow(project.updatedAt, Date.now())}
      </span>
      <span>{isOld && <span className="badge badge-here">newer: {newestVersion}</span>}</span>
    </a>
  );
}
