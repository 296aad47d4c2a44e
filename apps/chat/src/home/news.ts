// What is new and what waits for the person, as lines: first what waits, then what can be voted on, then what landed.
import type { Dataset } from '../data/dataset.js';
import type { Job } from '../jobs/job.js';
import { CURRENCY, grouped, microOf } from '../money/amount.js';
import type { ProposalLine } from '../money/proposals/proposal.js';
import type { Balances } from '../money/wallet/entry.js';
import type { Listed } from '../projects/project.js';
import { dataHref, jobsHref, moneyHref, projectsHref } from '../route.js';

export interface NewsLine {
  readonly key: string;
  readonly kind: 'waits' | 'vote' | 'data';
  readonly text: string;
  readonly href: string;
  /** When it happened, or until when it can be done. */
  readonly at: string;
  readonly until?: true;
}

export interface Known {
  readonly wallet?: Balances | undefined;
  readonly jobs?: readonly Job[] | undefined;
  readonly projects?: readonly Listed[] | undefined;
  readonly proposals?: readonly ProposalLine[] | undefined;
  readonly landed?: readonly Dataset[] | undefined;
}

/** A job that failed longer ago waits for nobody any more. */
const FAILED_WITHIN_MS = 3 * 86_400_000;

export function newsOf(known: Known, nowMs: number): readonly NewsLine[] {
  return [...waiting(known, nowMs), ...votes(known.proposals ?? []), ...(known.landed ?? []).map(landed)];
}

function waiting({ wallet, jobs = [], projects = [] }: Known, nowMs: number): NewsLine[] {
  const pending = wallet?.pending;
  const failed = jobs.filter(
    ({ state, endedAt }) => state === 'failed' && endedAt !== null && nowMs - Date.parse(endedAt) < FAILED_WITHIN_MS,
  );
  const old = projects.filter(({ newestVersion, version }) => newestVersion !== null && newestVersion !== version);
  return [
    ...(wallet === undefined || pending === undefined || microOf(pending) === 0n
      ? []
      : [
          line('waits', {
            key: 'pending',
            text: `${grouped(pending)} ${CURRENCY} is set aside for you`,
            href: moneyHref('wallet'),
            at: wallet.history[0]?.at ?? new Date(nowMs).toISOString(),
          }),
        ]),
    ...failed.map(({ jobId, name, endedAt }) =>
      line('waits', {
        key: jobId,
        text: `${name} failed`,
        href: jobsHref('list', jobId),
        at: endedAt ?? new Date(nowMs).toISOString(),
      }),
    ),
    ...old.map(({ projectId, name, newestVersion, updatedAt }) =>
      line('waits', {
        key: projectId,
        text: `${name} can be updated to ${newestVersion}`,
        href: projectsHref('list', projectId),
        at: updatedAt,
      }),
    ),
  ];
}

/** What ends first stands first. */
const votes = (proposals: readonly ProposalLine[]): NewsLine[] =>
  [...proposals]
    .sort((one, other) => Date.parse(one.votesUntil) - Date.parse(other.votesUntil))
    .map(({ proposalId, title, votesUntil }) =>
      line('vote', {
        key: proposalId,
        text: title,
        href: moneyHref('proposals', proposalId),
        at: votesUntil,
        until: true,
      }),
    );

const landed = ({ datasetId, name, updatedAt }: Dataset): NewsLine =>
  line('data', { key: datasetId, text: name, href: dataHref(datasetId), at: updatedAt });

const line = (kind: NewsLine['kind'], rest: Omit<NewsLine, 'kind'>): NewsLine => ({ kind, ...rest });
