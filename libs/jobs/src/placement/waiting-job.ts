// A job that may begin, as the placement sees it, and what it may lack.
import type { Needs } from './permits.js';

export interface WaitingJob extends Needs {
  readonly jobId: string;
  readonly owner: string;
  readonly role: string;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly priority: number;
  readonly submittedAt: Date;
  /** Since when it may begin. */
  readonly readyAt: Date;
  readonly gang: string | null;
  readonly gangSize: number | null;
  readonly attempts: number;
}

export type Missing = 'gang' | 'quota' | 'share' | 'cpus' | 'memory' | 'gpus' | 'node' | 'executor' | 'reservation';
