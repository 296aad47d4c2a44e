// `labmesh status`: who answers and, for those who may know, how the lab is.
import { gatewayName, librarianAgents, mechanicOperations } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Lab } from '../lab/lab.js';
import type { Output } from '../output/output.js';
import { bytesText, millisecondsText, ratioText, sinceText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';

type Agents = z.output<typeof librarianAgents.tools.get_agent_manifest.output>['agents'];
type Health = z.output<typeof mechanicOperations.tools.get_system_health.output>;

const HELP = `
Health needs the permission health:read; without it only the agents are shown.

Examples:
  npx @labmesh/cli status
  npx @labmesh/cli status --json | jq .health.status`;

export function addStatus(program: Command, session: Session): void {
  const command = program.command('status').description('who answers, and how the lab is');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(() =>
      session.run(command, async ({ lab, output, url }) => {
        const [{ agents }, health] = await Promise.all([
          lab.use(librarianAgents, 'get_agent_manifest', {}),
          healthOf(lab),
        ]);
        output.answer({ url, agents, health }, () => {
          showAgents(output, agents);
          if (health !== null) showHealth(output, health);
        });
      }),
    );
}

/** Null for those who may not know. Asked of the list, which is no call that is refused, and of its part with the Mechanic alone. */
async function healthOf(lab: Lab): Promise<Health | null> {
  const listed = (await lab.toolNames('jobs')).includes(gatewayName(mechanicOperations.name, 'get_system_health'));
  return listed ? lab.use(mechanicOperations, 'get_system_health', {}) : null;
}

function showAgents(output: Output, agents: Agents): void {
  const now = Date.now();
  output.table(
    ['AGENT', 'STATUS', 'REPLICAS', 'UP FOR', 'ANSWERED IN', 'VERSION', 'TOOLS'],
    agents.map((agent) => [
      agent.name,
      mark(agent.status),
      agent.instances,
      sinceText(agent.startedAt, now),
      millisecondsText(agent.latencyMs),
      agent.version ?? '-',
      agent.tools.length,
    ]),
  );
}

const mark = (status: 'up' | 'down') => ({ text: status, style: status === 'up' ? 'green' : 'red' }) as const;

function showHealth(output: Output, health: Health): void {
  const { database, queue, bus, cpu, memory, disk, gpus } = health;
  output.line();
  output.line(`Lab is ${output.style(health.status === 'healthy' ? 'green' : 'red', health.status)}`);
  output.line();
  const jobs = queue.waiting === null ? '' : `${queue.waiting} waiting, ${queue.active} active, ${queue.failed} failed`;
  output.table(
    ['PART', 'STATUS', 'KIND', 'ANSWERED IN', 'NOTE'],
    [
      ['database', mark(database.status), database.kind, millisecondsText(database.latencyMs), database.message ?? ''],
      ['queue', mark(queue.status), queue.kind, millisecondsText(queue.latencyMs), queue.message ?? jobs],
      ['bus', mark(bus.status), bus.kind, millisecondsText(bus.latencyMs), bus.message ?? ''],
    ],
  );
  output.line();
  output.line(`CPU     ${cpu.cores} cores, ${ratioText(cpu.usedRatio)} in use, load ${cpu.load1m.toFixed(2)}`);
  output.line(`Memory  ${bytesText(memory.availableBytes)} of ${bytesText(memory.totalBytes)} available`);
  output.line(`Disk    ${bytesText(disk.availableBytes)} of ${bytesText(disk.totalBytes)} available`);
  for (const gpu of gpus) {
    const busy = gpu.utilizationRatio === null ? '' : `, ${ratioText(gpu.utilizationRatio)} in use`;
    const used = `${bytesText(gpu.memoryUsedBytes)} of ${bytesText(gpu.memoryTotalBytes)} taken`;
    output.line(`GPU ${gpu.index}   ${output.style('bold', gpu.name)}, ${used}${busy}`);
  }
  for (const { severity, message, advice } of health.reasons)
    output.line(`\n${output.style(severity === 'critical' ? 'red' : 'yellow', message)} ${advice}`);
}
