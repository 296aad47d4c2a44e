// `labmesh job top`, `drain` and `prices`: the machines, how full they are, and what a second of them costs.
import { mechanic } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { amountOf } from '../arguments/amount.js';
import { confirmed } from '../output/confirmed.js';
import type { Output } from '../output/output.js';
import { bytesText, countText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';
import { stateCell, tookText } from './listing.js';

type Nodes = z.output<typeof mechanic.tools.list_nodes.output>;

const RUNNING_MAX = 20;

export function addTop(group: Command, session: Session): void {
  const command = group.command('top').description('the machines, what is free on them, and what runs');
  addConnectionOptions(command)
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli job top\n  watch -n 5 npx @labmesh/cli job top')
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const [nodes, { jobs }] = await Promise.all([
          lab.use(mechanic, 'list_nodes', {}),
          lab.use(mechanic, 'list_jobs', { state: ['starting', 'running'], limit: RUNNING_MAX }),
        ]);
        output.answer({ ...nodes, jobs }, () => {
          showNodes(output, nodes);
          if (jobs.length === 0) return;
          output.line();
          output.table(
            ['JOB', 'NAME', 'STATE', 'NODE', 'CPUS', 'MEMORY', 'GPUS', 'RUNS FOR'],
            jobs.map((job) => [
              { text: job.jobId, style: 'bold' },
              job.name,
              stateCell(job.state),
              job.node ?? '-',
              job.resources.cpus,
              bytesText(job.resources.memoryMb * 1_024 * 1_024),
              job.resources.gpus,
              tookText(job),
            ]),
          );
        });
      }),
    );
}

function showNodes(output: Output, { nodes }: Nodes): void {
  if (nodes.length === 0) {
    output.note('No machine runs jobs yet: docs/worker.md says how to add one.');
    return;
  }
  const free = (part: { free: number; total: number }): string => `${part.free}/${part.total}`;
  output.table(
    ['NODE', 'STATE', 'CPUS FREE', 'MEMORY FREE', 'GPUS FREE', 'RUNNING', 'WORKERS', 'EXECUTORS'],
    nodes.map(({ node, state, cpus, memoryMb, gpus, running, workers, executors }) => [
      { text: node, style: 'bold' },
      { text: state, style: state === 'ready' ? 'green' : state === 'gone' ? 'red' : 'yellow' },
      free(cpus),
      `${bytesText(memoryMb.free * 1_024 * 1_024)} of ${bytesText(memoryMb.total * 1_024 * 1_024)}`,
      free(gpus),
      running,
      workers,
      executors.map(({ kind }) => kind).join(' '),
    ]),
  );
  for (const { node, reason } of nodes) if (reason !== null) output.note(`${node}: ${reason}`);
}

export function addDrain(group: Command, session: Session): void {
  const command = group
    .command('drain')
    .description('let no job start on a machine any more, or again with --resume')
    .argument('<node>', 'its name, as top has it')
    .option('--reason <text>', 'told to who asks')
    .option('--end', 'end what runs there: it goes on elsewhere')
    .option('--resume', 'take it into use again')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli job drain gpu-1 --reason "new disk"\n  npx @labmesh/cli job drain gpu-1 --resume',
    )
    .action(
      (
        node: string,
        { yes, reason, end, resume }: { reason?: string; end?: boolean; resume?: boolean; yes?: boolean },
      ) =>
        session.run(command, async ({ lab, output, host }) => {
          if (end === true) await confirmed(host, { ask: `End what runs on ${node}, to go on elsewhere?`, yes });
          const drained = await lab.use(mechanic, 'drain_node', { node, reason, end, resume });
          output.answer(drained, () =>
            output.line(`${drained.node}  ${drained.state}  ${countText(drained.running, 'job')} on it`),
          );
        }),
    );
}

export function addPrices(group: Command, session: Session): void {
  const command = group
    .command('prices')
    .description('what a second costs; the operator sets it')
    .option('--cpu <amount>', 'of a CPU, in $webxos', amountOf)
    .option('--gpu <amount>', 'of a GPU', amountOf)
    .option('--gb <amount>', 'of a GB of memory', amountOf);
  addConnectionOptions(command)
    .addHelpText('after', '\nExamples:\n  npx @labmesh/cli job prices\n  npx @labmesh/cli job prices --gpu 0.002')
    .action(({ cpu, gpu, gb }: { cpu?: string; gpu?: string; gb?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const set = [cpu, gpu, gb].some((price) => price !== undefined);
        const prices = set
          ? await lab.use(mechanic, 'set_prices', { cpuSecond: cpu, gpuSecond: gpu, gbSecond: gb })
          : (await lab.use(mechanic, 'list_nodes', {})).prices;
        output.answer(prices, () =>
          output.table(
            ['A SECOND OF', '$WEBXOS'],
            [
              ['a CPU', prices.cpuSecond],
              ['a GPU', prices.gpuSecond],
              ['a GB of memory', prices.gbSecond],
            ],
          ),
        );
      }),
    );
}
