// Knowledge: what is known and where it stands, collections, solutions, errors and what they mean. Fetched when somebody looks at it
// first.
import type { ReactNode } from 'react';
import { useLab } from '../mcp/lab.js';
import { knowledgeHref } from '../route.js';
import { ViewsOfPage } from '../ui/views-of-page.js';
import { AddView } from './collections/add-view.js';
import { CollectionsView } from './collections/collections-view.js';
import { DocumentView } from './document/document-view.js';
import { ErrorsView } from './errors/errors-view.js';
import { ModelsView } from './models/models-view.js';
import { SearchView } from './search/search-view.js';
import { LogView } from './solutions/log-view.js';
import { SolutionView } from './solutions/solution-view.js';
import { SolutionsView } from './solutions/solutions-view.js';
import { DOCUMENT, NEW, type View, viewsFor } from './views.js';
import '../styles/views.css';
import '../styles/data.css';
import '../styles/submit.css';
import '../styles/markdown.css';
import '../styles/facets.css';
import '../styles/knowledge.css';
import '../styles/collections.css';
import '../styles/errors.css';

export interface KnowledgeRoute {
  readonly view: string | undefined;
  readonly item: string | undefined;
  readonly asked: string;
}

export function KnowledgePage({ view, item, asked }: KnowledgeRoute) {
  const { tools } = useLab();
  const file = view === DOCUMENT ? item : undefined;
  const shownAs = file === undefined ? view : 'search';
  return (
    <div className="page knowledge">
      <ViewsOfPage label="Knowledge" views={viewsFor(tools)} view={shownAs} hrefOf={knowledgeHref}>
        {(shown) =>
          file === undefined ? (
            contentOf(shown, item, new URLSearchParams(asked))
          ) : (
            <DocumentView key={`${file} ${asked}`} file={file} asked={new URLSearchParams(asked)} />
          )
        }
      </ViewsOfPage>
    </div>
  );
}

function contentOf(view: View['view'], item: string | undefined, asked: URLSearchParams): ReactNode {
  switch (view) {
    case 'search':
      return <SearchView asked={asked} />;
    case 'solutions':
      if (item === undefined) return <SolutionsView asked={asked} />;
      return item === NEW ? <LogView /> : <SolutionView key={item} id={item} />;
    case 'errors':
      return <ErrorsView key={item} jobId={item} asked={asked} />;
    case 'collections':
      return item === NEW ? <AddView key={asked.toString()} asked={asked} /> : <CollectionsView />;
    case 'models':
      return <ModelsView />;
    default:
      return view satisfies never;
  }
}
