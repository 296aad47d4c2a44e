// A real Slurm of one node for tests, on this machine's loopback: keys, ports and files of its own, beside any other. What it starts
// it ends by its process id.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, freePort } from '@labmesh/testing';

/** Version 1 of control groups: Slurm holds jobs to their memory by it without systemd. */
const CGROUPS = existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes');

export class SlurmCluster implements AsyncDisposable {
  readonly #children: Child[] = [];
  #controller: Child | undefined;

  private constructor(private readonly folder: string) {}

  static async start(): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(await mkdtemp(join(tmpdir(), 'labmesh-slurm-')));
    try {
      await cluster.#begin();
    } catch (cause) {
      await cluster[Symbol.asyncDispose]();
      throw cause;
    }
    return cluster;
  }

  get configuration(): string {
    return join(this.folder, 'slurm.conf');
  }

  get holdsMemory(): boolean {
    return CGROUPS;
  }

  async #begin(): Promise<void> {
    // What runs as another user must reach it.
    await chmod(this.folder, 0o755);
    await this.#munge();
    for (const name of ['state', 'spool']) await mkdir(join(this.folder, name));
    await writeFile(this.configuration, this.#settings(await freePort(), await freePort()));
    if (CGROUPS) await writeFile(join(this.folder, 'cgroup.conf'), CGROUP_CONF);
    await this.startController();
    this.#child('slurmd', ['-D', '-N', hostname()]);
    await this.#children
      .at(-1)
      ?.until(async () => this.command('sinfo', '--noheader', '--format=%T').trim() === 'idle');
  }

  /** The controller alone: jobs on nodes do not notice that it is away. */
  async startController(): Promise<void> {
    this.#controller = new Child({ command: 'slurmctld', args: ['-D'], env: this.#env });
    await this.#controller.until(async () => this.command('scontrol', 'ping').includes('UP'));
  }

  async stopController(): Promise<void> {
    await this.#controller?.stop();
  }

  command(name: string, ...args: string[]): string {
    return execFileSync(name, args, { env: { PATH: '/usr/bin:/bin', ...this.#env }, encoding: 'utf8', stdio: 'pipe' });
  }

  /** True when its node takes jobs; asks for that where it does not. */
  nodeIsBack(): boolean {
    if (this.command('sinfo', '--noheader', '--format=%T').trim() === 'idle') return true;
    try {
      this.command('scontrol', 'update', `nodename=${hostname()}`, 'state=resume');
    } catch {
      // It is on its way by itself.
    }
    return false;
  }

  /** What has not ended of that name. */
  alive(name: string): string[] {
    const states = ['PENDING', 'RUNNING', 'COMPLETING', 'SUSPENDED', 'CONFIGURING'].join(',');
    const rows = this.command('squeue', '--noheader', `--name=${name}`, `--states=${states}`, '--format=%i %T');
    return rows.split('\n').filter((row) => row !== '');
  }

  /** All tasks of arrays of that name that the controller has in mind, by their numbers: `7_0` is `RUNNING`. */
  tasks(name: string): Record<string, string> {
    const rows = this.command('squeue', '--noheader', '--array', '--states=all', `--name=${name}`, '--format=%i %T');
    return Object.fromEntries(rows.split('\n').flatMap((row) => (row === '' ? [] : [row.split(' ')])));
  }

  /** A folder of Slurm's commands for a worker, of which some are a script that may call `$REAL`. */
  async commandsWith(scripts: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(join(this.folder, 'commands-'));
    for (const [name, script] of Object.entries(scripts))
      await writeFile(join(folder, name), `#!/bin/sh\nREAL=/usr/bin/${name}\n${script}\n`, { mode: 0o755 });
    return `${folder}:/usr/bin:/bin`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#controller?.stop();
    for (const child of this.#children.reverse()) await child.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get #env(): Record<string, string> {
    return { SLURM_CONF: this.configuration };
  }

  #child(command: string, args: string[]): void {
    this.#children.push(new Child({ command, args, env: this.#env }));
  }

  async #munge(): Promise<void> {
    const folder = join(this.folder, 'munge');
    const [uid, gid] = ['-u', '-g'].map((of) => Number(execFileSync('id', [of, 'munge'], { encoding: 'utf8' })));
    await mkdir(folder);
    await writeFile(join(folder, 'key'), randomBytes(1_024), { mode: 0o400 });
    for (const path of [join(folder, 'key'), folder]) await chown(path, uid ?? 0, gid ?? 0);
    const files = ['key-file', 'socket', 'pid-file', 'log-file', 'seed-file'];
    const paths = files.map((name) => `--${name}=${join(folder, name === 'key-file' ? 'key' : name)}`);
    this.#child('setpriv', [
      '--reuid=munge',
      '--regid=munge',
      '--clear-groups',
      'munged',
      '--foreground',
      '--force',
      ...paths,
    ]);
    await this.#children.at(-1)?.until(() => existsSync(join(folder, 'socket')));
  }

  #settings(controllerPort: number, nodePort: number): string {
    const host = hostname();
    return `ClusterName=labmeshtest
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${this.folder}/munge/socket
CryptoType=crypto/munge
ProctrackType=${CGROUPS ? 'proctrack/cgroup' : 'proctrack/linuxproc'}
TaskPlugin=${CGROUPS ? 'task/cgroup' : 'task/none'}
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
StateSaveLocation=${this.folder}/state
SlurmdSpoolDir=${this.folder}/spool
SlurmctldPidFile=${this.folder}/slurmctld.pid
SlurmdPidFile=${this.folder}/slurmd.pid
SlurmctldLogFile=${this.folder}/slurmctld.log
SlurmdLogFile=${this.folder}/slurmd.log
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
${CGROUPS ? '' : 'JobAcctGatherParams=OverMemoryKill'}
ReturnToService=2
MpiDefault=none
MinJobAge=60
KillWait=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=debug Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
  }
}

const CGROUP_CONF = `CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
ConstrainRAMSpace=yes
ConstrainSwapSpace=yes
AllowedSwapSpace=0
`;
