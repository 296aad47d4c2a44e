// Projects: templates to begin with, what was made of them, and what is wrong in it. Fetched when somebody looks at it first.
import type { ReactNode } from 'react';
import { useLab } from '../mcp/lab.js';
import { projectsHref } from '../route.js';
import { ViewsOfPage } from '../ui/views-of-page.js';
import { ProjectsView } from './list/projects-view.js';
import { ProjectView } from './project/project-view.js';
import { TemplateView } from './templates/template-view.js';
import { TemplatesView } from './templates/templates-view.js';
import { type View, viewsFor } from './views.js';
import '../styles/views.css';
import '../styles/tools.css';
import '../styles/projects.css';
import '../styles/summary.css';
import '../styles/markdown.css';

export interface ProjectsRoute {
  readonly view: string | undefined;
  readonly item: string | undefined;
  readonly asked: string;
}

export function ProjectsPage({ view, item, asked }: ProjectsRoute) {
  const { tools } = useLab();
  return (
    <div className="page projects">
      <ViewsOfPage label="Projects" views={viewsFor(tools)} view={view} hrefOf={projectsHref}>
        {(shown) => contentOf(shown, item, new URLSearchParams(asked))}
      </ViewsOfPage>
    </div>
  );
}

function contentOf(view: View['view'], item: string | undefined, asked: URLSearchParams): ReactNode {
  switch (view) {
    case 'list':
      return item === undefined ? <ProjectsView /> : <ProjectView key={item} projectId={item} />;
    case 'templates':
      return item === undefined ? <TemplatesView asked={asked} /> : <TemplateView key={item} name={item} />;
    default:
      return view satisfies never;
  }
}
