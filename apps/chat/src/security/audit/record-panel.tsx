// One record, whole: who, what, how it ended, its hashes, and the proof that it is in the signed log.
import { formatBytes, formatMs } from '../../agents/manifest.js';
import { useLab } from '../../mcp/lab.js';
import { securityHref } from '../../route.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry } from '../../ui/entry.js';
import { formatWhole } from '../../ui/figures.js';
import { SidePanel } from '../../ui/side-panel.js';
import { ProofSection } from './proof-section.js';
import { type AuditRecord, SEVERITY_MEANING } from './record.js';
import { SeverityMark } from './severity-mark.js';

export function RecordPanel({ record, onClose }: { record: AuditRecord; onClose: () => void }) {
  const { tools } = useLab();
  const canProve = tools.some(({ name }) => name === 'sentinel_audit_proof');
  return (
    <SidePanel
      title={`${record.agent} · ${record.tool}`}
      subtitle={<p className="muted">{formatWhole(record.at)}</p>}
      testId="record-panel"
      onClose={onClose}
    >
      <div className="panel-text panel-stack">
        <dl className="record">
          <Entry name="Severity">
            <SeverityMark severity={record.severity} />{' '}
            <span className="muted">{SEVERITY_MEANING[record.severity]}</span>
          </Entry>
          <Entry name="Decision">{record.decision === 'allow' ? 'allowed' : 'denied'}</Entry>
          <Entry name="Outcome">{record.outcome}</Entry>
          <Entry name="Took">{formatMs(record.durationMs)}</Entry>
          <Entry name="Wallet">
            <WalletLink walletId={record.walletId} />
          </Entry>
          <Entry name="Token">
            <Mono text={record.credentialId} />
          </Entry>
          {record.chain.length > 0 && <Entry name="Acting agents">{record.chain.join(' → ')}</Entry>}
          {record.about && (
            <Entry name="About">
              {Object.entries(record.about).map(([name, id]) => (
                <p key={name}>
                  <span className="muted">{name}</span> <Mono text={id} />
                </p>
              ))}
            </Entry>
          )}
          <Entry name="Call">
            <a className="mono" href={securityHref('audit', record.callId)} onClick={onClose}>
              {record.callId}
            </a>
          </Entry>
          <Hashed name="Arguments" hash={record.inputHash} bytes={record.inputBytes} />
          <Hashed name="Result" hash={record.outputHash} bytes={record.outputBytes} />
          <Entry name="Place in the log">{Number(record.cursor).toLocaleString('en')}</Entry>
          <Entry name="Record">
            <Mono text={record.id} />
          </Entry>
        </dl>
        <div>
          <CopyButton text={() => JSON.stringify(record, null, 2)} label="Copy JSON" />
        </div>
        {canProve && <ProofSection record={record} />}
      </div>
    </SidePanel>
  );
}

const Mono = ({ text }: { text: string | null }) =>
  text === null ? <span className="muted">none</span> : <span className="mono">{text}</span>;

function WalletLink({ walletId }: { walletId: string | null }) {
  const { tools } = useLab();
  if (walletId === null) return <span className="muted">nobody could be identified</span>;
  return tools.some(({ name }) => name === 'sentinel_list_tokens') ? (
    <a className="mono" href={securityHref('tokens', walletId)}>
      {walletId}
    </a>
  ) : (
    <Mono text={walletId} />
  );
}

const Hashed = ({ name, hash, bytes }: { name: string; hash: string | null; bytes: number | null }) => (
  <Entry name={name}>
    {hash === null ? (
      <span className="muted">not looked at</span>
    ) : (
      <>
        {bytes !== null && <span className="muted">{formatBytes(bytes)}, SHA-256 </span>}
        <span className="mono hash">{hash}</span>
      </>
    )}
  </Entry>
);
