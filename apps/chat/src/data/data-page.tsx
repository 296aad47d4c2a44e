// Data: what datasets there are, each with its card, rows and checks, and a way to add one. Fetched when somebody looks at it first.
import type { ReactNode } from 'react';
import { NotForYou } from '../ui/not-for-you.js';
import { Notice } from '../ui/notice.js';
import { BrowserView } from './browser/browser-view.js';
import { isDatasetId } from './dataset.js';
import { DatasetPage } from './dataset/dataset-page.js';
import { RoutesView } from './routes/routes-view.js';
import { SubmitView } from './submit/submit-view.js';
import { useParts } from './use-parts.js';
import { ValidationsView } from './validations/validations-view.js';
import { NEW, ROUTES, VALIDATIONS } from './views.js';
import '../styles/views.css';
import '../styles/data.css';
import '../styles/data-table.css';
import '../styles/facets.css';
import '../styles/profile.css';
import '../styles/query.css';
import '../styles/routes.css';
import '../styles/submit.css';
import '../styles/validations.css';
import '../styles/versions.css';

export interface DataRoute {
  readonly item: string | undefined;
  readonly view: string | undefined;
  readonly asked: string;
}

export function DataPage(route: DataRoute) {
  return <div className="page data">{contentOf(route, useParts())}</div>;
}

function contentOf({ item, view, asked }: DataRoute, parts: ReturnType<typeof useParts>): ReactNode {
  if (!parts.has('list')) return <NotForYou />;
  if (item === undefined) return <BrowserView asked={new URLSearchParams(asked)} />;
  if (item === ROUTES) return parts.has('routes') ? <RoutesView /> : <NotForYou />;
  if (item === VALIDATIONS)
    return parts.has('validations') ? <ValidationsView item={view} asked={new URLSearchParams(asked)} /> : <NotForYou />;
  if (item === NEW) return parts.has('submit') ? <SubmitView /> : <NotForYou />;
  if (!isDatasetId(item)) return <NoSuchDataset id={item} />;
  return <DatasetPage key={item} datasetId={item} view={view} asked={new URLSearchParams(asked)} />;
}

const NoSuchDataset = ({ id }: { id: string }) => (
  <Notice title={`“${id}” is not the id of a dataset.`}>
    <p>
      An id begins with <code>ds_</code>. <a href="#/data">See which datasets there are</a>
    </p>
  </Notice>
);
