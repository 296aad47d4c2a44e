// "Prove": asks for the proof of a record, then checks it here, without the lab: the record's hash, the way up to the root, and
// the signature under it. Says what was checked, and what this browser cannot check.
import { useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry } from '../../ui/entry.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { canHash, leafHashOf } from './audit-path.js';
import { AuditPath } from './audit-path-picture.js';
import { checkProof, type Proof, type ProofCheck, type Verdict } from './proof-check.js';
import type { AuditRecord } from './record.js';

type State =
  | { readonly status: 'idle' | 'asking' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'done'; readonly proof: Proof; readonly check: ProofCheck };

export function ProofSection({ record }: { record: AuditRecord }) {
  const { connection } = useLab();
  const [state, setState] = useState<State>({ status: 'idle' });
  const prove = async () => {
    setState({ status: 'asking' });
    // The record's own hash names it. Without hashes in the browser its call does, and that may be another record of it.
    const input = canHash() ? { leafHash: await leafHashOf({ ...record }) } : { callId: record.callId };
    const answer = await callFor<Proof>(connection, { name: 'sentinel_audit_proof', input });
    if (!answer.ok) return setState({ status: 'failed', failure: answer.failure });
    setState({ status: 'done', proof: answer.value, check: await checkProof(record, answer.value) });
  };
  return (
    <section className="proof" aria-label="Proof">
      <div className="proof-head">
        <h3>Proof</h3>
        {state.status !== 'done' && (
          <button
            type="button"
            className="button button-small"
            data-testid="record-prove"
            disabled={state.status === 'asking'}
            onClick={() => void prove()}
          >
            Prove that it is in the log
          </button>
        )}
        {state.status === 'done' && (
          <CopyButton text={() => JSON.stringify(state.proof, null, 2)} label="Copy the proof" />
        )}
      </div>
      {state.status === 'idle' && (
        <p className="muted">
          The lab signs the log as a tree of hashes: a proof shows that this record is one of its leaves.
        </p>
      )}
      {state.status === 'asking' && <Waiting label="Asking for the proof…" lines={4} />}
      {state.status === 'failed' && <FailureNotice failure={state.failure} />}
      {state.status === 'done' && <Proven proof={state.proof} check={state.check} />}
    </section>
  );
}

const CHECKS = [
  { name: 'leaf', says: 'The record has the hash of the leaf' },
  { name: 'path', says: 'The leaf leads to the signed root' },
  { name: 'signature', says: 'The root is signed by the log’s key' },
] as const;

const VERDICTS: Readonly<Record<Verdict, { readonly text: string; readonly pill: string }>> = {
  good: { text: 'checked here', pill: 'pill-good' },
  bad: { text: 'does not hold', pill: 'pill-bad' },
  unknown: { text: 'this browser cannot tell', pill: 'badge-read' },
};

const Proven = ({ proof, check }: { proof: Proof; check: ProofCheck }) => (
  <div className="proven" data-testid="record-proof">
    <ul className="proof-checks">
      {CHECKS.map(({ name, says }) => (
        <li key={name} data-testid={`proof-${name}`} data-verdict={check[name]}>
          <span>{says}</span>
          <span className={`pill ${VERDICTS[check[name]].pill}`}>{VERDICTS[check[name]].text}</span>
        </li>
      ))}
    </ul>
    <dl className="record">
      <Entry name="Leaf">
        {(proof.index + 1).toLocaleString('en')} of {proof.head.size.toLocaleString('en')}
      </Entry>
      <Entry name="Leaf’s hash">
        <span className="mono hash">{proof.leafHash}</span>
      </Entry>
      <Entry name="Key of the log">
        <span className="mono hash">{proof.verifierKey}</span>
        <p className="muted">Compare it with the one that you got from the operator.</p>
      </Entry>
    </dl>
    {check.steps && <AuditPath leafHash={proof.leafHash} steps={check.steps} />}
    <details>
      <summary>Checkpoint</summary>
      <pre className="code-block">{proof.head.checkpoint}</pre>
    </details>
    <p className="muted">
      <code>npx @labmesh/cli audit verify --key labmesh-audit.pub kept-heads.jsonl proof.json</code> checks the same
      from files, without the lab, and that the head is one you kept.
    </p>
  </div>
);
