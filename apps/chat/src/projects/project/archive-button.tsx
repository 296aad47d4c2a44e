// Saves a project's archive, as the lab has it at that moment, once it was checked against its hash: mending puts another in its place.
import { useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { fetchBlob } from '../../data/dataset/fetch-bytes.js';
import { saveBlob } from '../../data/dataset/save-file.js';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Project, ProjectInFull } from '../project.js';
import { TOOLS } from '../views.js';

export function ArchiveButton({ project: { projectId, name, archive } }: { project: Project }) {
  const { connection, fetch } = useLab();
  const [came, setCame] = useState<number>();
  const [failure, setFailure] = useState<Failure>();
  const over = useRef(new AbortController());
  useEffect(() => {
    over.current = new AbortController();
    return () => over.current.abort();
  }, []);
  const save = async () => {
    setCame(0);
    setFailure(undefined);
    const { signal } = over.current;
    const now = await callFor<ProjectInFull>(connection, { name: TOOLS.project, input: { projectId }, signal });
    const there = now.ok ? now.value.project.archive : null;
    const brought = there ? await fetchBlob(there, { fetch, signal, onBytes: setCame }) : undefined;
    if (signal.aborted) return;
    setCame(undefined);
    if (brought?.ok) saveBlob(brought.value, `${name}.tar.gz`);
    else setFailure(brought?.failure ?? (now.ok ? GONE : now.failure));
  };
  if (archive === null) return null;
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      <button
        type="button"
        className="button"
        data-testid="project-save"
        disabled={came !== undefined}
        aria-busy={came !== undefined}
        onClick={() => void save()}
      >
        {came === undefined ? `Download (${formatBytes(archive.bytes)})` : `${formatBytes(came)}…`}
      </button>
    </>
  );
}

const GONE: Failure = { code: 'not_found', message: 'The project has no archive any more.' };
