// The stand-in cluster's only node: runs a pod's command as a process group of this machine, and tells how it goes as a kubelet does.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';

interface Options {
  readonly images: ReadonlySet<string>;
  readonly changed: (pod: V1Pod) => void;
  readonly gone: (pod: V1Pod) => void;
}

export class Kubelet {
  readonly #running = new Map<V1Pod, ChildProcess>();
  readonly #deleted = new Set<V1Pod>();

  constructor(private readonly options: Options) {}

  run(pod: V1Pod): void {
    const container = pod.spec?.containers[0];
    if (container === undefined || this.#deleted.has(pod)) return;
    if (!this.options.images.has(container.image ?? '')) {
      const waiting = { reason: 'ErrImagePull', message: `no image ${container.image}` };
      this.#tell(pod, 'Pending', { waiting });
      return;
    }
    const [program = '', ...args] = [...(container.command ?? []), ...(container.args ?? [])].map(expanded);
    const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, expanded(value ?? '')]));
    const child = spawn(program, args, {
      cwd: container.workingDir,
      env: { PATH: '/usr/bin:/bin', HOSTNAME: pod.metadata?.name ?? '', KUBERNETES_SERVICE_HOST: '127.0.0.1', ...env },
      stdio: 'ignore',
      detached: true,
    });
    this.#running.set(pod, child);
    pod.status = { ...pod.status, startTime: new Date() };
    this.#tell(pod, 'Running', { running: { startedAt: new Date() } });
    child.once('exit', (code, signal) =>
      this.#ended(pod, code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
    child.once('error', () => this.#ended(pod, 128));
  }

  /** SIGTERM, and SIGKILL after the grace; then the pod is gone. Asked again, the shorter grace counts. */
  end(pod: V1Pod, graceSeconds: number): void {
    this.#deleted.add(pod);
    const child = this.#running.get(pod);
    if (child === undefined) {
      this.options.gone(pod);
      return;
    }
    child.kill('SIGTERM');
    setTimeout(() => this.#kill(child), graceSeconds * 1_000).unref();
  }

  evict(pod: V1Pod, reason: string): void {
    pod.status = { ...pod.status, reason };
    const child = this.#running.get(pod);
    if (child !== undefined) this.#kill(child);
  }

  /** All of its processes, as a container's control group would. */
  #kill(child: ChildProcess): void {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // None is left.
    }
  }

  #ended(pod: V1Pod, exitCode: number): void {
    const child = this.#running.get(pod);
    if (child === undefined) return;
    this.#running.delete(pod);
    this.#kill(child);
    this.#tell(pod, exitCode === 0 ? 'Succeeded' : 'Failed', { terminated: { exitCode } });
    if (this.#deleted.has(pod)) this.options.gone(pod);
  }

  #tell(pod: V1Pod, phase: string, state: V1ContainerState): void {
    const container = { name: 'job', image: '', imageID: '', ready: false, restartCount: 0, state };
    pod.status = { ...pod.status, phase, containerStatuses: [container] };
    this.options.changed(pod);
  }
}

/** As Kubernetes does with `$(NAME)` and `$$`. */
const expanded = (text: string): string =>
  text.replace(/\$\$|\$\(([A-Za-z_]\w*)\)/g, (found, name?: string) => (name === undefined ? '$' : found));
