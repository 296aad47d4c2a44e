// What a solution's evidence leads to: a job, a dataset, a document of the lab, or a page elsewhere. Anything else leads nowhere.
import { dataHref, jobsHref } from '../../route.js';
import { pageOf } from '../quotation/document-href.js';

export interface Evidence {
  readonly text: string;
  /** Undefined: it is shown as text. */
  readonly href: string | undefined;
  /** Opens beside the lab's page, and is told nothing of it. */
  readonly outside: boolean;
}

const JOB = /^(?:job:\/\/)?(job_[0-9a-f-]{36})$/;
const DATASET = /^(?:dataset:\/\/)?(ds_[A-Za-z0-9-]{1,60})$/;
const DOCUMENT = /^kb:\/\/([^#?]+)/;

export function evidenceOf(text: string): Evidence {
  const job = JOB.exec(text)?.[1];
  if (job !== undefined) return { text, href: jobsHref('list', job), outside: false };
  const dataset = DATASET.exec(text)?.[1];
  if (dataset !== undefined) return { text, href: dataHref(dataset), outside: false };
  const file = DOCUMENT.exec(text)?.[1];
  if (file !== undefined) return { text, href: pageOf(decoded(file)), outside: false };
  return isWeb(text) ? { text, href: text, outside: true } : { text, href: undefined, outside: false };
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function isWeb(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
