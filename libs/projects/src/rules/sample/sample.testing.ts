// What the samples of projects have in common: files as text, and the lab that they belong to.
import type { ProjectFile } from '../../project-file.js';
import type { LabFacts } from '../rule.js';

export type SampleFiles = Readonly<Record<string, string>>;

export const LAB_URL = 'http://127.0.0.1:3000';
export const MY_WALLET = 'wal_01990000-0000-7000-8000-000000000001';
export const OTHERS_WALLET = 'wal_01990000-0000-7000-8000-000000000002';
export const NO_WALLET = 'wal_01990000-0000-7000-8000-00000000dead';
export const PROJECT_ID = 'prj_01990000-0000-7000-8000-0000000000aa';

export const filesOf = (sample: SampleFiles): ProjectFile[] =>
  Object.entries(sample).map(([path, text]) => ({ path, bytes: Buffer.from(text), executable: path.endsWith('.sh') }));

/** A lab with two wallets; what answers is the lab itself, and a telescope. */
export const LAB: LabFacts = {
  wallet: MY_WALLET,
  labUrl: LAB_URL,
  walletState: async (id) => (id === MY_WALLET ? 'yours' : id === OTHERS_WALLET ? 'not yours' : 'unknown'),
  answers: async (url) => ['3000', '11111'].includes(new URL(url).port),
};
