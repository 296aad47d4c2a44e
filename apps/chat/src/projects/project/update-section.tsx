// Whether a newer version of the template is there, what bringing the project to it would change, and doing so.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { FileChanges } from '../files/file-changes.js';
import type { Project, Updated, Updates } from '../project.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

export function UpdateSection({ project, onUpdated }: { project: Project; onUpdated: () => void }) {
  const { projectId } = project;
  const { value, failure, refresh } = useAnswer<Updates>(TOOLS.updates, { projectId });
  const [done, setDone] = useState<Updated>();
  const found = value?.projects[0];
  const isOld = found !== undefined && found.newestVersion !== found.version;
  return (
    <section className="section" aria-labelledby="update-title" data-testid="update">
      <h2 id="update-title">Template</h2>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Looking for a newer version…" lines={1} />}
      {done && <DoneNote done={done} />}
      {found && !isOld && !done && (
        <p className="muted">
          {project.template} {found.version} is the newest version.
        </p>
      )}
      {found && isOld && (
        <NewerVersion
          projectId={projectId}
          version={found.newestVersion}
          onDone={(updated) => {
            setDone(updated);
            refresh();
            onUpdated();
          }}
        />
      )}
    </section>
  );
}

const DoneNote = ({ done }: { done: Updated }) => (
  <p role="status" data-testid="update-done">
    It is at {done.project.version} now: {plural(done.files.length, 'file')} of the template changed.{' '}
    {done.conflicts > 0 && `${plural(done.conflicts, 'file has', 'files have')} conflicts, marked as git marks them.`}
  </p>
);

interface NewerVersionProps {
  readonly projectId: string;
  readonly version: string;
  readonly onDone: (updated: Updated) => void;
}

function NewerVersion({ projectId, version, onDone }: NewerVersionProps) {
  const parts = useParts();
  const { busy, failure, ask } = useAsking<Updated>();
  const [preview, setPreview] = useState<Updated>();
  const send = async (dryRun: boolean) => {
    const answer = await ask(TOOLS.update, { projectId, version, dryRun });
    if (answer && dryRun) setPreview(answer);
    else if (answer) onDone(answer);
  };
  return (
    <>
      <p>
        Version {version} is there. Your edits, deletions and modes stay; what both sides changed is marked as a
        conflict.
      </p>
      {failure && <FailureNotice failure={failure} />}
      {preview && <FileChanges files={preview.files} label="What the update changes" />}
      {parts.has('update') && (
        <div className="start-buttons">
          <button
            type="button"
            className="button"
            data-testid="update-preview"
            disabled={busy}
            onClick={() => void send(true)}
          >
            Preview
          </button>
          <button
            type="button"
            className="button button-main"
            data-testid="update-go"
            disabled={busy}
            aria-busy={busy}
            onClick={() => void send(false)}
          >
            Update to {version}
          </button>
        </div>
      )}
    </>
  );
}
