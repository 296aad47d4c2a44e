// One project: what it is, checking it, bringing it to a newer template, saving its archive, and its end.
import { useState } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { projectsHref } from '../../route.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry } from '../../ui/entry.js';
import { formatWhole, plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { ProjectInFull } from '../project.js';
import { SummarySection } from '../summary/summary-section.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { ArchiveButton } from './archive-button.js';
import { CheckSection } from './check-section.js';
import { DeleteDialog } from './delete-dialog.js';
import { UpdateSection } from './update-section.js';

export function ProjectView({ projectId }: { projectId: string }) {
  const { value, failure, refresh } = useAnswer<ProjectInFull>(TOOLS.project, { projectId });
  return (
    <>
      <a className="back-to" href={projectsHref('list')}>
        <Icon name="back" /> Projects
      </a>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the project…" lines={8} />}
      {value && <ProjectShown found={value} onChanged={refresh} />}
    </>
  );
}

function ProjectShown({ found, onChanged }: { found: ProjectInFull; onChanged: () => void }) {
  const { project } = found;
  const parts = useParts();
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <div className="page-head">
        <h1 data-testid="project-name">{project.name}</h1>
        <div className="page-actions">
          <ArchiveButton project={project} />
          {parts.has('delete') && (
            <button
              type="button"
              className="button button-quiet-bad"
              data-testid="project-delete"
              onClick={() => setDeleting(true)}
            >
              Delete
            </button>
          )}
        </div>
      </div>
      <ProjectFacts found={found} />
      {parts.has('summary') && <SummarySection projectId={project.projectId} />}
      {parts.has('check') && <CheckSection projectId={project.projectId} onMended={onChanged} />}
      {parts.has('updates') && <UpdateSection project={project} onUpdated={onChanged} />}
      {deleting && <DeleteDialog project={project} onClose={() => setDeleting(false)} />}
    </>
  );
}

function ProjectFacts({ found: { project, files, history } }: { found: ProjectInFull }) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <section className="card project-facts" aria-label="About the project">
      <dl className="record-entries">
        <Entry name="Template">
          <a href={projectsHref('templates', project.template)}>
            {project.template} {project.version}
          </a>
        </Entry>
        {project.folder && (
          <Entry name="Folder on the lab’s disk">
            <span className="mono project-folder">{project.folder}</span>{' '}
            <CopyButton text={() => project.folder ?? ''} label="Copy" />
          </Entry>
        )}
        <Entry name="Files">
          {plural(files.length, 'file')}, {formatBytes(bytes)}
        </Entry>
        <Entry name="Started">{formatWhole(project.createdAt)}</Entry>
        {history.length > 1 && (
          <Entry name="Updates">
            {history
              .slice(1)
              .map(
                ({ version, conflicts }) => `${version}${conflicts === 0 ? '' : ` (${plural(conflicts, 'conflict')})`}`,
              )
              .join(', ')}
          </Entry>
        )}
        {Object.entries(project.inputs).map(([name, value]) => (
          <Entry key={name} name={name}>
            <span className="mono">{String(value)}</span>
          </Entry>
        ))}
        {project.secrets.length > 0 && <Entry name="Secrets that are kept">{project.secrets.join(', ')}</Entry>}
      </dl>
    </section>
  );
}
