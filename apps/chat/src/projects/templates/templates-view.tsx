// The templates of the lab, searched as one types.
import { formatBytes } from '../../agents/manifest.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { projectsHref, replaceAddress } from '../../route.js';
import { plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Template, Templates } from '../project.js';
import { TOOLS } from '../views.js';

export function TemplatesView({ asked }: { asked: URLSearchParams }) {
  const query = asked.get('query') ?? '';
  const { value, failure } = useAnswer<Templates>(TOOLS.templates, query.trim() === '' ? {} : { query });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Templates</h1>
          <p className="muted">Projects to begin with: each runs as it is, with your wallet and this lab filled in.</p>
        </div>
      </div>
      <search className="filter template-search">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          data-testid="template-search"
          aria-label="Search the templates"
          placeholder="What do you want to do?"
          value={query}
          onChange={(event) => replaceAddress(projectsHref('templates', undefined, { query: event.target.value }))}
        />
      </search>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the templates…" lines={6} />}
      {value && value.templates.length === 0 && (
        <div className="nothing" data-testid="templates-nothing">
          <p>No template is about that.</p>
          <p className="muted">Try other words, or none.</p>
        </div>
      )}
      {value && value.templates.length > 0 && (
        <ul className="template-list" data-testid="templates">
          {value.templates.map((template) => (
            <li key={template.name}>
              <TemplateCard template={template} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const SOURCES = { shipped: undefined, folder: 'of the operator', published: 'published', git: 'from git' } as const;

function TemplateCard({ template }: { template: Template }) {
  const from = SOURCES[template.source.kind];
  return (
    <a
      className="card template-card"
      href={projectsHref('templates', template.name)}
      data-testid={`template-${template.name}`}
    >
      <span className="template-head">
        <span className="template-title">{template.title}</span>
        {from && <span className="badge badge-read">{from}</span>}
      </span>
      <span>{template.summary}</span>
      <span className="muted template-audience">{template.audience}</span>
      <span className="muted template-facts">
        <span className="mono">
          {template.name} {template.version}
        </span>
        <span>
          {plural(template.files, 'file')}, {formatBytes(template.bytes)}
        </span>
        <span>{plural(template.tools.length, 'tool')}</span>
      </span>
    </a>
  );
}
