// What a process that runs jobs tells the Mechanic of its machine, and does for it there: which processes hold GPU memory, and the
// end of those that an attempt left behind. The Mechanic says which attempts are gone; here only their marks count.
import { hostname } from 'node:os';
import { NODE_SUBJECT } from '@labmesh/bus';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { endMarked, type GpuSight, gpuProcesses } from './gpu-processes.js';

const Attempt = z.object({ jobId: z.string().max(60), number: z.int().positive() });

export const NodeQuestion = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('gpu') }),
  z.object({ ask: z.literal('end'), node: z.string().max(100), attempts: z.array(Attempt).min(1).max(1_000) }),
]);
export type NodeQuestion = z.input<typeof NodeQuestion>;

const Found = z.object({
  gpu: z.int().nullable(),
  pid: z.int().positive(),
  program: z.string(),
  memoryBytes: z.number().nullable(),
  attempt: Attempt.nullable(),
});

export const NodeAnswer = z.object({
  node: z.string(),
  host: z.string(),
  gpuProcesses: z.array(Found).describe('Null where they could not be read').nullable(),
  ended: z.array(z.int()),
});
export type NodeAnswer = z.output<typeof NodeAnswer>;

/** A controller for the module of a worker. */
export function nodeCareController(node: string, sight: GpuSight = {}): Type {
  class NodeCare {
    async answer(message: unknown): Promise<NodeAnswer | undefined> {
      const { data } = NodeQuestion.safeParse(message);
      if (data === undefined || (data.ask === 'end' && data.node !== node)) return undefined;
      const found = await gpuProcesses(sight).catch(() => null);
      const among = (found ?? []).map(({ pid }) => pid);
      const ended = data.ask === 'end' ? await endMarked(data.attempts, among, sight.proc) : [];
      return { node, host: hostname(), gpuProcesses: found, ended };
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(NodeCare.prototype, 'answer') as PropertyDescriptor;
  MessagePattern(NODE_SUBJECT, { queue: '' })(NodeCare.prototype, 'answer', descriptor);
  Payload()(NodeCare.prototype, 'answer', 0);
  Controller()(NodeCare);
  return NodeCare;
}
