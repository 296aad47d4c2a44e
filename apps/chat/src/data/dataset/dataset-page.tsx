// One dataset: its name and marks, and the view of it that the address names, of the version that the address names.
import { type ReactNode, useEffect } from 'react';
import { type Answer, useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { FaultBoundary } from '../../ui/fault-boundary.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { CheckView } from '../check/check-view.js';
import { type Card, sourceOf } from '../dataset.js';
import { PicturesView } from '../imagery/pictures-view.js';
import { type SourceImage, useSourceImages } from '../imagery/use-source-images.js';
import { ProfileView } from '../profile/profile-view.js';
import { QueryView } from '../query/query-view.js';
import { RowsView } from '../rows/rows-view.js';
import { SubmitView } from '../submit/submit-view.js';
import { useParts } from '../use-parts.js';
import { VersionsView } from '../versions/versions-view.js';
import { TOOLS, type View, viewsOf } from '../views.js';
import { AboutView } from './about-view.js';
import { DatasetHead } from './dataset-head.js';

interface DatasetPageProps {
  readonly datasetId: string;
  readonly view: string | undefined;
  readonly asked: URLSearchParams;
}

export const UPDATE = 'update';

export function DatasetPage({ datasetId, view, asked }: DatasetPageProps) {
  const version = wholeNumber(asked.get('version')) || undefined;
  const parts = useParts();
  const card = useCard(datasetId, version);
  const source = card.value && sourceOf(card.value.dataset);
  const images = useSourceImages(source);
  const views = viewsOf(parts, images.length > 0);
  const shown = views.find((each) => each.view === view) ?? views[0];
  const name = card.value?.dataset.name;
  useEffect(() => {
    if (name) document.title = `${name} · Data · LabMesh`;
  }, [name]);
  if (view === UPDATE && card.value && parts.has('update')) return <SubmitView of={card.value.dataset} onDone={card.refresh} />;
  return (
    <>
      <BackLink href={dataHref()}>All datasets</BackLink>
      {card.failure && <FailureNotice failure={card.failure} />}
      {!card.value && !card.failure && <Waiting label="Fetching the dataset…" lines={6} />}
      {card.value && (
        <>
          <DatasetHead card={card.value} version={version} />
          <nav className="views" aria-label="Views of the dataset">
            {views.map((each) => (
              <a
                key={each.view}
                href={dataHref(datasetId, each.view === 'about' ? undefined : each.view, { version })}
                data-testid={`view-${each.view}`}
                aria-current={each === shown ? 'page' : undefined}
              >
                {each.label}
              </a>
            ))}
          </nav>
          {shown && (
            <FaultBoundary key={shown.view}>
              {contentOf(shown.view, { card: card.value, version, asked, source, images })}
            </FaultBoundary>
          )}
        </>
      )}
    </>
  );
}

/** The last version's card, or what is known of an earlier one. */
function useCard(datasetId: string, version: number | undefined): Answer<Card> {
  const whole = useParts().has('get') && version === undefined;
  return useAnswer<Card>(
    whole ? TOOLS.get : TOOLS.fetch,
    whole ? { datasetId } : { datasetId, version, as: 'rows', limit: 1 },
  );
}

interface Shown {
  readonly card: Card;
  readonly version: number | undefined;
  readonly asked: URLSearchParams;
  readonly source: string | undefined;
  readonly images: readonly SourceImage[];
}

function contentOf(view: View, { card, version, asked, source, images }: Shown): ReactNode {
  switch (view) {
    case 'about':
      return <AboutView card={card} version={version} />;
    case 'rows':
      return <RowsView dataset={card.dataset} version={version} from={wholeNumber(asked.get('from'))} />;
    case 'profile':
      return <ProfileView dataset={card.dataset} version={version} />;
    case 'pictures':
      return <PicturesView dataset={card.dataset} source={source ?? ''} images={images} />;
    case 'sql':
      return <QueryView card={card} version={version} sql={asked.get('sql') ?? undefined} />;
    case 'check':
      return <CheckView card={card} version={version} />;
    case 'versions':
      return <VersionsView card={card} version={version} against={wholeNumber(asked.get('against')) || undefined} />;
    default:
      return view satisfies never;
  }
}

const wholeNumber = (text: string | null): number => (/^\d{1,12}$/.test(text ?? '') ? Number(text) : 0);
