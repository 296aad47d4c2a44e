// The caller's projects and datasets, what changed last first.
import { sizeText } from '../data/dataset.js';
import type { Answer } from '../mcp/use-answer.js';
import type { ProjectPage } from '../projects/project.js';
import { dataHref, projectsHref } from '../route.js';
import { formatFromNow, formatWhole } from '../ui/figures.js';
import { HomeCard, Nothing } from './home-card.js';
import type { Datasets } from './use-lately.js';

export const ProjectsCard = ({ answer, mayStart }: { answer: Answer<ProjectPage>; mayStart: boolean }) => (
  <HomeCard
    name="projects"
    title="My projects"
    more={{ href: projectsHref('list'), label: 'All projects' }}
    answer={answer}
  >
    {({ projects }) =>
      projects.length === 0 ? (
        <Nothing>No project yet. {mayStart && <a href={projectsHref('templates')}>Choose a template</a>}</Nothing>
      ) : (
        <ul className="home-lines">
          {projects.map(({ projectId, name, template, updatedAt }) => (
            <li key={projectId}>
              <Changed href={projectsHref('list', projectId)} name={name} about={template} at={updatedAt} />
            </li>
          ))}
        </ul>
      )
    }
  </HomeCard>
);

export const DatasetsCard = ({ answer, maySubmit }: { answer: Answer<Datasets>; maySubmit: boolean }) => (
  <HomeCard name="datasets" title="My datasets" more={{ href: dataHref(), label: 'All datasets' }} answer={answer}>
    {({ datasets }) =>
      datasets.length === 0 ? (
        <Nothing>No dataset of yours yet. {maySubmit && <a href={dataHref('new')}>Submit one</a>}</Nothing>
      ) : (
        <ul className="home-lines">
          {datasets.map((dataset) => (
            <li key={dataset.datasetId}>
              <Changed
                href={dataHref(dataset.datasetId)}
                name={dataset.name}
                about={sizeText(dataset)}
                at={dataset.updatedAt}
              />
            </li>
          ))}
        </ul>
      )
    }
  </HomeCard>
);

const Changed = ({ href, name, about, at }: { href: string; name: string; about: string; at: string }) => (
  <a className="home-line" href={href}>
    <span className="home-line-name">
      {name} <span className="muted">{about}</span>
    </span>
    <time className="muted home-line-end" dateTime={at} title={formatWhole(at)}>
      {formatFromNow(at, Date.now())}
    </time>
  </a>
);
