// Jobs: what runs, waits and has ended, one of them with its log, and the machines. Fetched when somebody looks at it first.
import type { ReactNode } from 'react';
import { useLab } from '../mcp/lab.js';
import { jobsHref } from '../route.js';
import { ViewsOfPage } from '../ui/views-of-page.js';
import { JobPage } from './job/job-page.js';
import { JobsView } from './list/jobs-view.js';
import { MachinesView } from './machines/machines-view.js';
import { type View, viewsFor } from './views.js';
import '../styles/views.css';
import '../styles/data.css';
import '../styles/money.css';
import '../styles/jobs.css';
import '../styles/log.css';

export interface JobsRoute {
  readonly view: string | undefined;
  readonly item: string | undefined;
  readonly asked: string;
}

export function JobsPage({ view, item, asked }: JobsRoute) {
  const { tools } = useLab();
  return (
    <div className="page jobs">
      <ViewsOfPage label="Jobs" views={viewsFor(tools)} view={view} hrefOf={jobsHref}>
        {(shown) => contentOf(shown, item, new URLSearchParams(asked))}
      </ViewsOfPage>
    </div>
  );
}

function contentOf(view: View['view'], item: string | undefined, asked: URLSearchParams): ReactNode {
  switch (view) {
    case 'list':
      return item === undefined ? <JobsView asked={asked} /> : <JobPage key={item} jobId={item} />;
    case 'machines':
      return <MachinesView />;
    default:
      return view satisfies never;
  }
}
