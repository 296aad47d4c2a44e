// Home: what matters to the person right now, live. What they may not see is left out.
import { useIsLive } from '../mcp/use-following.js';
import { DatasetsCard, ProjectsCard } from './changed-cards.js';
import { HealthCard } from './health-card.js';
import { JobsCard } from './jobs-card.js';
import { newsOf } from './news.js';
import { NewsCard } from './news-card.js';
import { useParts } from './parts.js';
import { QuickActions } from './quick-actions.js';
import { useDatasets, useHealth, useJobs, useProjects, useProposals, useWallet } from './use-lately.js';
import { WalletCard } from './wallet-card.js';
import '../styles/views.css';
import '../styles/home.css';

export function HomePage() {
  const parts = useParts();
  const { health, agents } = useHealth();
  const wallet = useWallet();
  const jobs = useJobs();
  const projects = useProjects();
  const proposals = useProposals();
  const { mine, landed } = useDatasets();
  const lines = newsOf(
    {
      wallet: wallet.value,
      jobs: jobs.value?.jobs,
      projects: projects.value?.projects,
      proposals: proposals.value?.proposals,
      landed: landed.value?.datasets,
    },
    Date.now(),
  );
  return (
    <div className="page home">
      <div className="page-head">
        <div>
          <h1>Home</h1>
          <LiveMark />
        </div>
        <QuickActions parts={parts} />
      </div>
      <div className="home-cards">
        {(parts.has('proposals') || parts.has('datasets')) && (
          <NewsCard
            lines={lines}
            sources={[
              ...(parts.has('proposals') ? [['Proposals', proposals] as const] : []),
              ...(parts.has('datasets') ? [['Datasets', landed] as const] : []),
            ]}
          />
        )}
        {parts.has('wallet') && <WalletCard answer={wallet} />}
        {parts.has('jobs') && <JobsCard answer={jobs} maySubmit={parts.has('submitJob')} />}
        {parts.has('projects') && <ProjectsCard answer={projects} mayStart={parts.has('startProject')} />}
        {parts.has('datasets') && <DatasetsCard answer={mine} maySubmit={parts.has('submitData')} />}
        {parts.has('health') && <HealthCard health={health} agents={agents} />}
      </div>
    </div>
  );
}

function LiveMark() {
  const live = useIsLive();
  return (
    <p className="muted home-live" data-testid="home-live" data-live={live}>
      {live ? 'Live: changes show by themselves.' : 'Waiting for the lab’s news…'}
    </p>
  );
}
