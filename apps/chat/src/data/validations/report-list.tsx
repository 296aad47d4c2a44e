// What was measured, in the order of its coming. Whose a report is the lab tells nobody, but for one's own and the key that signed it.
import { formatTime, formatWhole, plural } from '../../ui/figures.js';
import type { Looked, Report, Validation } from './validation.js';

export function ReportList({ looked: { validation, reports } }: { looked: Looked }) {
  if (reports === null)
    return (
      <p className="muted" data-testid="reports-hidden">
        {hiddenText(validation)}
      </p>
    );
  if (reports.length === 0)
    return (
      <p className="muted" data-testid="reports-nothing">
        {validation.state === 'open' ? 'Nobody has reported yet.' : 'Nobody has reported.'}
      </p>
    );
  return (
    <ol className="validation-reports" data-testid="reports">
      {reports.map((report) => (
        <ReportItem key={`${report.reportedAt} ${report.signature ?? report.measured}`} report={report} />
      ))}
    </ol>
  );
}

function hiddenText({ mine, reportsMade }: Validation): string {
  const count = reportsMade === 0 ? 'Nobody has reported yet.' : `${plural(reportsMade, 'report')} so far.`;
  return `${count} ${mine ? 'You see them when it has ended' : 'You see them once you have reported, or it has ended'}.`;
}

function ReportItem({ report }: { report: Report }) {
  const { measured, rows, evidence, publicKey, reportedAt, mine, agrees } = report;
  return (
    <li className="card validation-report">
      <p className="validation-measured">
        <span className="mono">{measured}</span>
        {mine && <span className="pill badge-here">you</span>}
        {agrees !== null && (
          <span className={agrees ? 'pill pill-good' : 'pill badge-read'}>{agrees ? 'agrees' : 'does not agree'}</span>
        )}
      </p>
      <p className="muted validation-about">
        on {plural(rows, 'row')}, <span title={formatWhole(reportedAt)}>{formatTime(reportedAt)}</span>
      </p>
      {evidence !== '' && <p className="about-text">{evidence}</p>}
      {publicKey !== null && (
        <p className="muted validation-about">
          Signed by the key <span className="mono hash">{publicKey}</span>
        </p>
      )}
    </li>
  );
}
