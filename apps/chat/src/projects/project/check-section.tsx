// The report of a check: findings from the gravest, each with its place and what to do, and mending of what is safe to mend.

import { useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { type Finding, placeOf, type Report, SEVERITIES } from '../project.js';
import { TOOLS } from '../views.js';

export function CheckSection({ projectId, onMended }: { projectId: string; onMended: () => void }) {
  const [report, setReport] = useState<Report>();
  const { busy, failure, ask } = useAsking<Report>();
  const check = async (applyFixes: boolean) => {
    const answer = await ask(TOOLS.check, { projectId, applyFixes });
    if (!answer) return;
    setReport(answer);
    if (answer.counts.fixed > 0) onMended();
  };
  const mendable = report?.findings.filter(({ fixable, fixed }) => fixable && !fixed).length ?? 0;
  return (
    <section className="section" aria-labelledby="check-title" data-testid="check">
      <div className="section-head">
        <h2 id="check-title">Check</h2>
        <div className="start-buttons">
          {mendable > 0 && (
            <button
              type="button"
              className="button button-main"
              data-testid="check-fix"
              disabled={busy}
              onClick={() => void check(true)}
            >
              Apply {plural(mendable, 'fix', 'fixes')}
            </button>
          )}
          <button
            type="button"
            className="button"
            data-testid="check-go"
            disabled={busy}
            aria-busy={busy}
            onClick={() => void check(false)}
          >
            {report ? 'Check again' : 'Check it'}
          </button>
        </div>
      </div>
      {!report && !failure && (
        <p className="muted">
          Leaked or missing secrets, ports, wallets, addresses, configuration files, versions and dependencies.
        </p>
      )}
      {failure && <FailureNotice failure={failure} />}
      {report && <ReportShown report={report} />}
    </section>
  );
}

function ReportShown({ report: { findings, counts, checked } }: { report: Report }) {
  const left = findings.filter(({ fixed }) => !fixed);
  const fixed = findings.filter((finding) => finding.fixed);
  const all = counts.error + counts.warning + counts.info;
  return (
    <div className="report" data-testid="report">
      <p role="status">
        {all === 0
          ? `Nothing is wrong in ${plural(checked, 'file')}.`
          : `${plural(all, 'finding')} in ${plural(checked, 'file')}`}
        {counts.fixed > 0 && ` ${plural(counts.fixed, 'was', 'were')} mended.`}
      </p>
      {SEVERITIES.map(({ severity, label, look }) => (
        <Findings key={severity} label={label} look={look} findings={left.filter((one) => one.severity === severity)} />
      ))}
      <Findings label="Mended" look="pill pill-good" findings={fixed} />
      {all > left.length && (
        <p className="muted">
          The gravest {plural(left.length, 'finding')} of {all} are shown.
        </p>
      )}
    </div>
  );
}

function Findings({ label, look, findings }: { label: string; look: string; findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section className="findings" aria-label={label}>
      <h3>
        {label} <span className={look}>{findings.length}</span>
      </h3>
      <ul>
        {findings.map((finding) => (
          <li key={`${finding.rule} ${placeOf(finding)} ${finding.message}`} className="card finding">
            <p className="finding-place">
              <span className="mono">{placeOf(finding)}</span>
              <span className="muted mono finding-rule">{finding.rule}</span>
            </p>
            <p>{finding.message}</p>
            {!finding.fixed && <p className="muted">{finding.remedy}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
