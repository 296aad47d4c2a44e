// What the home view knows, each part for itself: asked once, and again when the lab tells that it changed. Never by a clock: a page
// that stands open leaves no records in the audit log.
import type { Health, Manifest } from '../agents/manifest.js';
import type { Dataset } from '../data/dataset.js';
import { hasEnded, type JobPage } from '../jobs/job.js';
import { useLab } from '../mcp/lab.js';
import { type Answer, useAnswer } from '../mcp/use-answer.js';
import { useFollowing } from '../mcp/use-following.js';
import type { ProposalLine } from '../money/proposals/proposal.js';
import type { Balances } from '../money/wallet/entry.js';
import type { ProjectPage } from '../projects/project.js';
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
  const health = useAnswer<Health>(toolOf(parts, 'health'), {});
  const agents = useAnswer<Manifest>(parts.has('health') ? toolOf(parts, 'agents') : undefined, {});
  const uris = (agents.value?.agents ?? []).map(({ name }) => `agent://${name}`);
  useFollowing({ uris }, () => {
    health.refresh();
    agents.refresh();
  });
  return { health, agents };
}

export function useWallet(): Answer<Balances> {
  const { session } = useLab();
  const wallet = useAnswer<Balances>(toolOf(useParts(), 'wallet'), { limit: SHOWN });
  const walletId = wallet.value?.walletId ?? session.walletId;
  useFollowing({ uris: walletId === undefined ? [] : [`wallet://${walletId}`] }, wallet.refresh);
  return wallet;
}

/** One's own, also where all could be seen. */
export function useJobs(): Answer<JobPage> {
  const { session } = useLab();
  const parts = useParts();
  const owner = session.walletId;
  const jobs = useAnswer<JobPage>(toolOf(parts, 'jobs'), { limit: JOBS, ...(owner === undefined ? {} : { owner }) });
  const alive = (jobs.value?.jobs ?? []).filter((job) => !hasEnded(job)).map(({ jobId }) => `job://${jobId}`);
  const mine = owner === undefined || !parts.has('jobs') ? [] : [`jobs://${owner}`];
  useFollowing({ uris: [...mine, ...alive] }, jobs.refresh);
  return jobs;
}

export function useProjects(): Answer<ProjectPage> {
  const { session } = useLab();
  const parts = useParts();
  const projects = useAnswer<ProjectPage>(toolOf(parts, 'projects'), { limit: LOOKED_THROUGH });
  const whose = parts.has('projects') ? session.walletId : undefined;
  useFollowing({ uris: whose === undefined ? [] : [`projects://${whose}`] }, projects.refresh);
  const { value } = projects;
  return { ...projects, value: value && { ...value, projects: lastChanged(value.projects) } };
}

export function useDatasets(): { readonly mine: Answer<Datasets>; readonly landed: Answer<Datasets> } {
  const tool = toolOf(useParts(), 'datasets');
  const mine = useAnswer<Datasets>(tool, { owner: 'mine', limit: LOOKED_THROUGH });
  const landed = useAnswer<Datasets>(tool, { owner: 'lab', updatedWithin: 'week', limit: LOOKED_THROUGH });
  useFollowing({ uris: [], lists: tool !== undefined }, () => {
    mine.refresh();
    landed.refresh();
  });
  return { mine: latest(mine), landed: latest(landed) };
}

const latest = (answer: Answer<Datasets>): Answer<Datasets> => ({
  ...answer,
  value: answer.value && { datasets: lastChanged(answer.value.datasets) },
});

/** Those that can be voted on. */
export function useProposals(): Answer<Proposals> {
  const tool = toolOf(useParts(), 'proposals');
  const open = useAnswer<Proposals>(tool, { states: ['active'], limit: PROPOSALS });
  const uris = (open.value?.proposals ?? []).map(({ proposalId }) => `proposal://${proposalId}`);
  useFollowing({ uris, lists: tool !== undefined }, open.refresh);
  return open;
}
