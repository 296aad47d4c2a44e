// What a check found: the verdict, each rule with what failed of it, and the rows that do not fit, each with a way to it.
import { dataHref } from '../../route.js';
import { plural } from '../../ui/figures.js';
import type { Dataset } from '../dataset.js';
import { countText, type Report, type RuleResult } from './report.js';

interface CheckReportProps {
  readonly dataset: Dataset;
  readonly version: number | undefined;
  readonly report: Report;
  readonly took: string;
}

export function CheckReport({ dataset, version, report, took }: CheckReportProps) {
  const { valid, errors, rules = [], partial } = report;
  const rowHref = (row: number) => dataHref(dataset.datasetId, 'rows', { version, from: row || undefined });
  return (
    <section className="card report" aria-label="Report" data-testid="check-report">
      <div className="report-head">
        <span className={valid ? 'pill pill-good' : 'pill pill-bad'} data-testid="check-verdict">
          {valid ? 'valid' : 'not valid'}
        </span>
        <p role="status">
          {countText(report)} <span className="muted">{took}</span>
        </p>
      </div>
      {rules.length > 0 && <Rules rules={rules} rowHref={rowHref} />}
      {errors.length > 0 && <Misfits report={report} rowHref={rowHref} />}
      {partial && (
        <p className="muted" data-testid="check-partial">
          The report is partial: the first {plural(errors.length, 'misfit')} are listed, and all are counted.
        </p>
      )}
    </section>
  );
}

const LOOKS = {
  ok: { style: 'pill pill-good', text: 'ok' },
  failed: { style: 'pill pill-bad', text: 'failed' },
  error: { style: 'badge badge-write', text: 'not checked' },
} as const;

type RowHref = (row: number) => string;

const Rules = ({ rules, rowHref }: { rules: readonly RuleResult[]; rowHref: RowHref }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <section className="table-scroll" aria-label="Rules" tabIndex={0}>
    <table className="report-table">
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Column</th>
          <th scope="col">Verdict</th>
          <th scope="col" className="data-numeric">
            Failures
          </th>
          <th scope="col">Rows</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ rule, column, status, failures, samples, error }) => (
          <tr key={`${rule} ${column ?? ''}`}>
            <td>{rule}</td>
            <td className="mono">{column ?? <span className="muted">the row</span>}</td>
            <td>
              <span className={LOOKS[status].style}>{LOOKS[status].text}</span>
              {error !== undefined && <p className="report-error">{error}</p>}
            </td>
            <td className="data-numeric">{failures.toLocaleString('en')}</td>
            <td className="report-rows">
              {samples.slice(0, 8).map((row) => (
                <span key={row}>
                  <a href={rowHref(row)}>{(row + 1).toLocaleString('en')}</a>{' '}
                </span>
              ))}
              {failures > samples.slice(0, 8).length && samples.length > 0 && <span className="muted">…</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Misfits = ({ report: { errors }, rowHref }: { report: Report; rowHref: RowHref }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <section className="table-scroll" aria-label="What does not fit" tabIndex={0}>
    <table className="report-table">
      <thead>
        <tr>
          <th scope="col" className="data-numeric">
            Row
          </th>
          <th scope="col">Where</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {errors.map((error) => (
          <tr key={`${error.row} ${error.path} ${error.message}`}>
            <td className="data-numeric">
              <a href={rowHref(error.row)}>{(error.row + 1).toLocaleString('en')}</a>
            </td>
            <td className="mono">{error.path === '' ? <span className="muted">the row</span> : error.path}</td>
            <td className="cell-long">{error.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
