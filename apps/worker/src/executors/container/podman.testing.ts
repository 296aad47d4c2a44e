// A real Podman for tests, with storage and socket in a folder of its own, and an image made of busybox. What it starts it ends by
// its process id.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '@labmesh/testing';
import Docker from 'dockerode';

/** As the applets are called in /bin. */
const COMMANDS = [
  'sh',
  'cat',
  'echo',
  'env',
  'sleep',
  'kill',
  'dd',
  'id',
  'ls',
  'head',
  'od',
  'true',
  'yes',
  'touch',
  'sync',
  'grep',
];

/** crun refuses hybrid control groups, and the default limits may be beyond what this process may set. */
const CONTAINERS_CONF = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

export const IMAGE = 'localhost/labmesh-test/busybox:1';

export class Podman implements AsyncDisposable {
  #service: Child | undefined;

  private constructor(private readonly folder: string) {}

  get socket(): string {
    return join(this.folder, 'podman.sock');
  }

  static async start(): Promise<Podman> {
    const folder = await mkdtemp(join(tmpdir(), 'labmesh-podman-'));
    await writeFile(join(folder, 'containers.conf'), CONTAINERS_CONF);
    const podman = new Podman(folder);
    await podman.import(IMAGE, await busybox(folder));
    await podman.serve();
    return podman;
  }

  /** Starts the service, also after `crash`: what runs in containers does not notice. */
  async serve(): Promise<void> {
    await rm(this.socket, { force: true });
    const args = [...this.#storage, 'system', 'service', '--time=0', `unix://${this.socket}`];
    // A container's monitor leaves files where it was started.
    this.#service = new Child({ command: 'podman', args, env: this.#env, cwd: this.folder });
    await this.#service.until(async () => existsSync(this.socket) && (await this.engine.ping()) !== undefined);
  }

  async crash(): Promise<void> {
    await this.#service?.crash();
  }

  async import(image: string, archive: string): Promise<void> {
    const podman = new Child({ command: 'podman', args: [...this.#storage, 'import', archive, image], env: this.#env });
    if ((await podman.exited) !== 0) throw new Error(`podman import: ${podman.output}`);
  }

  get #storage(): string[] {
    return ['--root', join(this.folder, 'root'), '--runroot', join(this.folder, 'run'), '--storage-driver', 'vfs'];
  }

  get #env(): Record<string, string> {
    return { CONTAINERS_CONF: join(this.folder, 'containers.conf') };
  }

  get engine(): Docker {
    return new Docker({ socketPath: this.socket });
  }

  async containers(name: string): Promise<string[]> {
    const all = await this.engine.listContainers({ all: true });
    return all.flatMap(({ Names }) => Names).filter((one) => one.endsWith(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { Id } of await this.engine.listContainers({ all: true }))
      await this.engine.getContainer(Id).remove({ force: true });
    await this.#service?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function busybox(folder: string): Promise<string> {
  const bin = join(folder, 'image/bin');
  await mkdir(bin, { recursive: true });
  const tmp = join(folder, 'image/tmp');
  await mkdir(tmp);
  // An engine gives the /tmp in memory the rights of the image's own.
  await chmod(tmp, 0o1777);
  await copyFile('/bin/busybox', join(bin, 'busybox'));
  for (const name of COMMANDS) await symlink('busybox', join(bin, name));
  const archive = join(folder, 'image.tar');
  execFileSync('tar', ['-C', join(folder, 'image'), '-cf', archive, '.']);
  return archive;
}
