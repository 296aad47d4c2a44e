// What the home view knows, each part for itself: asked once, and again when the lab tells that it changed. Never by a clock: a page
// that stands open leaves no records in the audit log.
import type { Health, Manifest } from '../agents/manifest.js';
import type { Dataset } from '../data/dataset.js';
import { hasEnded, type JobPage } from '../jobs/job.js';
import { useLab } from '../mcp/lab.js';
import type { Answer } from '../mcp/use-answer.js';
import { useFollowed } from '../mcp/use-followed.js';
import type { ProposalLine } from '../money/proposals/proposal.js';
import type { Balances } from '../money/wallet/entry.js';
import type { ProjectPage } from '../projects/project.js';
import { agentOf } from '../tools/tool-groups.js';
import { LOOKED_THROUGH, lastChanged, SHOWN } from './last-changed.js';
import { toolOf, useParts } from './parts.js';

/** Jobs that are looked through for those that have not ended. */
const JOBS = 20;
const PROPOSALS = 10;

export interface Proposals {
  readonly proposals: readonly ProposalLine[];
}

export interface Datasets {
  readonly datasets: readonly Dataset[];
}

export function useHealth(): { readonly health: Answer<Health>; readonly agents: Answer<Manifest> } {
  const parts = useParts();
  const { tools } = useLab();
  const uris = [...new Set(tools.map(({ name }) => `agent://${agentOf(name)}`))];
  const urisIn = (manifest: Manifest) => manifest.agents.map(({ name }) => `agent://${name}`);
  const health = useFollowed<Health>(toolOf(parts, 'health'), {}, { uris });
  const agents = useFollowed<Manifest>(parts.has('health') ? toolOf(parts, 'agents') : undefined, {}, { uris, urisIn });
  return { health, agents };
}

export function useWallet(): Answer<Balances> {
  const { walletId } = useLab().session;
  return useFollowed<Balances>(
    toolOf(useParts(), 'wallet'),
    { limit: SHOWN },
    {
      uris: walletId === undefined ? [] : [`wallet://${walletId}`],
      urisIn: (balances) => [`wallet://${balances.walletId}`],
    },
  );
}

/** One's own, also where all could be seen. */
export function useJobs(): Answer<JobPage> {
  const { session } = useLab();
  const parts = useParts();
  const owner = session.walletId;
  const input = { limit: JOBS, ...(owner === undefined ? {} : { owner }) };
  return useFollowed<JobPage>(toolOf(parts, 'jobs'), input, {
    uris: owner === undefined ? [] : [`jobs://${owner}`],
    urisIn: ({ jobs }) => jobs.filter((job) => !hasEnded(job)).map(({ jobId }) => `job://${jobId}`),
  });
}

export function useProjects(): Answer<ProjectPage> {
  const { session } = useLab();
  const parts = useParts();
  const whose = session.walletId;
  const projects = useFollowed<ProjectPage>(
    toolOf(parts, 'projects'),
    { limit: LOOKED_THROUGH },
    {
      uris: whose === undefined ? [] : [`projects://${whose}`],
    },
  );
  const { value } = projects;
  return { ...projects, value: value && { ...value, projects: lastChanged(value.projects) } };
}

export function useDatasets(): { readonly mine: Answer<Datasets>; readonly landed: Answer<Datasets> } {
  const tool = toolOf(useParts(), 'datasets');
  const lists = { uris: [], lists: true };
  const mine = useFollowed<Datasets>(tool, { owner: 'mine', limit: LOOKED_THROUGH }, lists);
  const landed = useFollowed<Datasets>(tool, { owner: 'lab', updatedWithin: 'week', limit: LOOKED_THROUGH }, lists);
  return { mine: latest(mine), landed: latest(landed) };
}

const latest = (answer: Answer<Datasets>): Answer<Datasets> => ({
  ...answer,
  value: answer.value && { datasets: lastChanged(answer.value.datasets) },
});

/** Those that can be voted on. */
export function useProposals(): Answer<Proposals> {
  const tool = toolOf(useParts(), 'proposals');
  return useFollowed<Proposals>(
    tool,
    { states: ['active'], limit: PROPOSALS },
    {
      uris: [],
      lists: true,
      urisIn: ({ proposals }) => proposals.map(({ proposalId }) => `proposal://${proposalId}`),
    },
  );
}
