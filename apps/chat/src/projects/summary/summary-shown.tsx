// A summary as it reads: statements with the lines they stand on, modules by folder, and what could not be told.
import { InlineText } from '../../knowledge/quotation/inline-text.js';
import { CopyButton } from '../../ui/copy-button.js';
import { plural } from '../../ui/figures.js';
import type { Statement, Summary } from '../project.js';
import { ModuleMap } from './module-map.js';
import { languagesText, linesText, sectionsOf } from './summary-text.js';

export function SummaryShown({ summary }: { summary: Summary }) {
  const { files, read, statements, modules, unknown, diagram, markdown } = summary;
  return (
    <article className="card summary" data-testid="summary-shown">
      <div className="section-head">
        <p className="muted">
          {plural(read, 'file')} of {files.toLocaleString('en')} read
          {summary.languages.length > 0 && `: ${languagesText(summary)}`}
          {summary.model !== null && `; ${summary.model} has worded what the lines bear out`}
        </p>
        <div className="start-buttons">
          <CopyButton text={() => markdown} label="Copy as Markdown" />
          {diagram !== '' && <CopyButton text={() => diagram} label="Copy the diagram’s Mermaid" />}
        </div>
      </div>
      {sectionsOf(statements).map(({ title, statements: inside }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul className="statements">
            {inside.map((statement) => (
              <StatementShown key={`${statement.subject} ${statement.text}`} statement={statement} />
            ))}
          </ul>
        </section>
      ))}
      {modules.length > 0 && <ModuleMap modules={modules} />}
      {unknown.length > 0 && (
        <section aria-label="What could not be told">
          <h3>What could not be told</h3>
          <ul className="statements muted">
            {unknown.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

const StatementShown = ({ statement: { text, by, citations } }: { statement: Statement }) => (
  <li>
    <p>
      <InlineText text={text} /> {by === 'model' && <span className="badge badge-read">a model’s words</span>}
    </p>
    <details className="statement-lines">
      <summary>{citations.map(linesText).join(', ')}</summary>
      {citations.map((citation) => (
        <figure key={linesText(citation)} className="statement-quote">
          <figcaption className="mono muted">{linesText(citation)}</figcaption>
          <pre className="code-block">{citation.text}</pre>
        </figure>
      ))}
    </details>
  </li>
);
