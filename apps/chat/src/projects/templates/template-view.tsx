// One template: its README, what it connects to, and the form that starts a project of it.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { projectsHref } from '../../route.js';
import { Icon } from '../../ui/icon.js';
import { Names } from '../../ui/names.js';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import { MarkdownText } from '../markdown/markdown-text.js';
import type { Readme, Template, Templates } from '../project.js';
import { StartForm } from '../start/start-form.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

export function TemplateView({ name }: { name: string }) {
  const { value, failure } = useAnswer<Templates>(TOOLS.templates, {});
  const template = value?.templates.find((each) => each.name === name);
  return (
    <>
      <a className="back-to" href={projectsHref('templates')}>
        <Icon name="back" /> Templates
      </a>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the template…" lines={8} />}
      {value && !template && <Notice title={`There is no template ${name}.`}>It may have been taken away.</Notice>}
      {template && <TemplateShown template={template} />}
    </>
  );
}

function TemplateShown({ template }: { template: Template }) {
  const parts = useParts();
  const [starting, setStarting] = useState(false);
  const readme = useAnswer<Readme>(TOOLS.readme, { name: template.name });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{template.title}</h1>
          <p className="muted">
            <span className="mono">
              {template.name} {template.version}
            </span>
            . {template.audience}
          </p>
        </div>
        {parts.has('start') && !starting && (
          <div className="page-actions">
            <button
              type="button"
              className="button button-main"
              data-testid="start-open"
              onClick={() => setStarting(true)}
            >
              Start a project
            </button>
          </div>
        )}
      </div>
      <p className="lead">{template.summary}</p>
      {starting && <StartForm template={template} />}
      <section className="section" aria-labelledby="readme-title">
        <h2 id="readme-title">README</h2>
        {readme.failure && <FailureNotice failure={readme.failure} />}
        {!readme.value && !readme.failure && <Waiting label="Fetching the README…" lines={10} />}
        {readme.value && (
          <article className="card readme" data-testid="readme">
            <MarkdownText text={readme.value.markdown} />
          </article>
        )}
      </section>
      {template.tools.length > 0 && (
        <section className="section" aria-labelledby="uses-title">
          <h2 id="uses-title">Tools that its projects use</h2>
          <Names names={template.tools} />
        </section>
      )}
    </>
  );
}
