// The resources of jobs and machines: contract to domain, nothing else.
import { isUtf8 } from 'node:buffer';
import { AppError, expandUri, type jobResources, mechanic, type ResourceHandlers } from '@labmesh/contracts';
import type { JobList } from '../jobs/job-list.js';
import { mayOperate } from '../jobs/ownership.js';
import type { Nodes } from '../nodes/nodes.js';
import type { LogStream } from './log-stream.js';

const BYTES_MAX = 256 * 1024;

const NEWEST = 20;
const EVERYBODY = 'all';
const JSON_TYPE = 'application/json';

interface Owned {
  readonly owner: string;
}

/** What has changed when a job of this wallet is new, or an array of them. */
export function newJobOf({ job, array }: { readonly job: Owned | null; readonly array?: Owned | undefined }) {
  const owner = (job ?? array)?.owner;
  if (owner === undefined) return undefined;
  return { uris: [owner, EVERYBODY].map((id) => expandUri(mechanic.resources.job_list.uri, { id })) };
}
export const NODES_CHANGED = { uris: [mechanic.resources.nodes.uri] };

export const jobResourceHandlers = (
  logs: LogStream,
  jobs: JobList,
  nodes: Nodes,
): ResourceHandlers<typeof jobResources> => ({
  job_list: {
    read: async ({ id }, call) => {
      if (id !== call.principal.walletId && !mayOperate(call.principal))
        throw new AppError('not_found', `Cannot read the jobs of ${id}: they are not yours.`);
      const owner = id === EVERYBODY ? {} : { owner: id };
      return { mimeType: JSON_TYPE, text: JSON.stringify(await jobs.list({ limit: NEWEST, ...owner }, call)) };
    },
  },
  nodes: { read: async () => ({ mimeType: JSON_TYPE, text: JSON.stringify(await nodes.list()) }) },
  job: {
    read: async ({ id }, call) => ({ mimeType: 'application/json', text: JSON.stringify(await jobs.get(id, call)) }),
  },
  job_logs: {
    read: async ({ id }, call) => {
      const bytes = await logs.lastOf(id, BYTES_MAX, call);
      return isUtf8(bytes)
        ? { mimeType: 'text/plain', text: bytes.toString('utf8') }
        : { mimeType: 'application/octet-stream', blob: bytes.toString('base64') };
    },
  },
});
