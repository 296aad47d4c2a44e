// Asks before a project is removed from the lab.
import { useAsking } from '../../mcp/use-asking.js';
import { projectsHref } from '../../route.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Project } from '../project.js';
import { TOOLS } from '../views.js';

export function DeleteDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const { busy, failure, ask } = useAsking<{ deleted: boolean }>();
  const send = async () => {
    if (await ask(TOOLS.delete, { projectId: project.projectId })) location.hash = projectsHref('list');
  };
  return (
    <QuestionDialog
      title={`Delete ${project.name}?`}
      testId="delete"
      action="Delete the project"
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p>
        {project.folder === null
          ? 'Its archive, its kept secrets and its key go.'
          : 'Its folder on the lab’s disk goes with everything that is in it, and so do its archive, its kept secrets and its key.'}
      </p>
      <p className="muted">Copies that you downloaded stay. It cannot be undone.</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
