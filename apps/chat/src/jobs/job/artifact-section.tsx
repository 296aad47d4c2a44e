// The files that a job left, each to be saved once it was checked against its hash.
import type { mechanic, ToolOutput } from '@labmesh/contracts';
import { useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { fetchBlob } from '../../data/dataset/fetch-bytes.js';
import { saveBlob } from '../../data/dataset/save-file.js';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import type { Artifacts } from '../job.js';
import { TOOLS } from '../views.js';

type Artifact = Artifacts['artifacts'][number];
type Got = ToolOutput<typeof mechanic.tools.get_artifact>;

const SHOWN = 200;

export function ArtifactSection({ jobId, ended }: { jobId: string; ended: boolean }) {
  const { value, failure } = useAnswer<Artifacts>(TOOLS.artifacts, { jobId, limit: SHOWN });
  const saving = useSaving(jobId);
  if (failure) return <FailureNotice failure={failure} />;
  if (!value || (value.artifacts.length === 0 && !ended)) return null;
  return (
    <section className="section" aria-labelledby="artifacts-title">
      <h2 id="artifacts-title">Files it left</h2>
      {saving.failure && <FailureNotice failure={saving.failure} />}
      {value.artifacts.length === 0 && (
        <div className="nothing">
          <p>It left no file.</p>
          <p className="muted">What a job writes into its folder artifacts is kept.</p>
        </div>
      )}
      {value.artifacts.length > 0 && (
        <ul className="artifact-list" data-testid="artifacts">
          {value.artifacts.map((artifact) => (
            <li key={artifact.path} className="card artifact-row">
              <span className="mono artifact-path">{artifact.path}</span>
              <span className="muted">{formatBytes(artifact.bytes)}</span>
              <span className="muted" title={artifact.expiresAt === null ? undefined : formatWhole(artifact.expiresAt)}>
                {artifact.expiresAt === null ? '' : `goes ${formatFromNow(artifact.expiresAt, Date.now())}`}
              </span>
              <button
                type="button"
                className="button button-small"
                aria-label={`Save ${artifact.path}`}
                disabled={saving.busy !== undefined}
                aria-busy={saving.busy === artifact.path}
                onClick={() => void saving.save(artifact)}
              >
                {saving.busy === artifact.path ? `${formatBytes(saving.came)}…` : 'Save'}
              </button>
            </li>
          ))}
        </ul>
      )}
      {value.nextCursor !== undefined && (
        <p className="muted">
          The first {plural(SHOWN, 'file')}. All of them: npx @labmesh/cli job artifacts {jobId}
        </p>
      )}
    </section>
  );
}

interface Saving {
  readonly busy: string | undefined;
  readonly came: number;
  readonly failure: Failure | undefined;
  readonly save: (artifact: Artifact) => Promise<void>;
}

function useSaving(jobId: string): Saving {
  const { connection, fetch } = useLab();
  const [busy, setBusy] = useState<string>();
  const [came, setCame] = useState(0);
  const [failure, setFailure] = useState<Failure>();
  const over = useRef(new AbortController());
  useEffect(() => {
    over.current = new AbortController();
    return () => over.current.abort();
  }, []);
  const save = async ({ path, bytes, sha256 }: Artifact) => {
    setBusy(path);
    setCame(0);
    setFailure(undefined);
    const { signal } = over.current;
    const got = await callFor<Got>(connection, { name: TOOLS.artifact, input: { jobId, path }, signal });
    const brought = got.ok
      ? await fetchBlob({ blobId: got.value.link.blobId, bytes, sha256 }, { fetch, signal, onBytes: setCame })
      : got;
    if (signal.aborted) return;
    setBusy(undefined);
    if (!brought.ok) setFailure(brought.failure);
    else saveBlob(brought.value, path.split('/').at(-1) ?? path);
  };
  return { busy, came, failure, save };
}
