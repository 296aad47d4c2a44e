// Pages of jobs, the newest first. Each page is read along an index, from the place where the last one ended: how many jobs there
// are makes no difference.
import type { ExecutorKind, JobState } from '@labmesh/contracts';
import { type JobSummaryRow, jobOf, NEWEST_ATTEMPT, type Raw, SUMMARY_COLUMNS } from './job-row.js';
import { type Pool, rowsOf } from './statements.repository.js';

export interface JobFilter {
  /** Everybody's when left out. */
  readonly owner?: string | undefined;
  readonly states?: readonly JobState[] | undefined;
  /** A part of the name. */
  readonly name?: string | undefined;
  readonly label?: { readonly name: string; readonly value?: string | undefined } | undefined;
  readonly since?: Date | undefined;
  readonly executor?: ExecutorKind | undefined;
  /** Of the newest attempt. */
  readonly node?: string | undefined;
  readonly arrayId?: string | undefined;
}

/** The last job of the page before. */
export interface PlaceInList {
  readonly submittedAt: Date;
  readonly id: string;
}

export class JobPages {
  constructor(private readonly database: Pool) {}

  async page(filter: JobFilter, limit: number, after?: PlaceInList): Promise<JobSummaryRow[]> {
    const { sql, values } = pageStatement(filter, limit, after);
    const rows = await rowsOf<Raw<JobSummaryRow, 'heldMicro' | 'costMicro'>>(this.database, sql, values);
    return rows.map((row) => jobOf<JobSummaryRow>(row));
  }
}

const NEWEST_FIRST = 'submitted_at DESC, id DESC';

/** One statement. With states, each has a page of its own along its index, and the newest of these are the page. */
export function pageStatement(
  { owner, states, name, label, since, executor, node, arrayId }: JobFilter,
  limit: number,
  after?: PlaceInList,
): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const only: string[] = [];
  if (owner !== undefined) only.push(`o.owner = ${value(owner)}`);
  if (since !== undefined) only.push(`o.submitted_at >= ${value(since)}`);
  if (executor !== undefined) only.push(`o.executor = ${value(executor)}`);
  if (node !== undefined) only.push(`o.node_id = ${value(node)}`);
  if (arrayId !== undefined) only.push(`o.array_id = ${value(arrayId)}`);
  if (after !== undefined)
    only.push(`(o.submitted_at, o.id) < (${value(after.submittedAt)}::timestamptz, ${value(after.id)})`);
  if (name !== undefined) only.push(`strpos(lower(o.name), lower(${value(name)})) > 0`);
  if (label?.value !== undefined)
    only.push(`o.labels @> ${value(JSON.stringify({ [label.name]: label.value }))}::jsonb`);
  else if (label !== undefined) only.push(`o.labels ? ${value(label.name)}`);
  const most = value(limit);
  const newest = (state: string): string => {
    const all = state === '' ? only : [`o.state = ${state}`, ...only];
    const where = all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
    return `(SELECT o.id, o.submitted_at FROM mechanic.jobs o ${where} ORDER BY o.submitted_at DESC, o.id DESC LIMIT ${most})`;
  };
  const wanted = states === undefined || states.length === 0 ? [''] : [...new Set(states)].map(value);
  const picked = wanted.map(newest).join(' UNION ALL ');
  return {
    sql: `WITH picked AS (SELECT id FROM (${picked}) p ORDER BY ${NEWEST_FIRST} LIMIT ${most})
      SELECT ${SUMMARY_COLUMNS} FROM picked JOIN mechanic.jobs j ON j.id = picked.id ${NEWEST_ATTEMPT}
       ORDER BY j.submitted_at DESC, j.id DESC`,
    values,
  };
}
