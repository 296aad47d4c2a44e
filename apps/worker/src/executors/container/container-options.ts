// One attempt as a container: everything that a job may not have is said here.
import { type AttemptToRun, jobMark, MARK_VARIABLE } from '@labmesh/jobs';
import type { ContainerCreateOptions, DeviceRequest } from 'dockerode';
import { LAUNCH, outputFolder } from '../output-files.js';
import type { ContainerSettings } from './container-settings.js';
import type { EngineFacts } from './engine.js';

const MIB = 1024 * 1024;

export interface Place {
  /** `uid:gid` inside. */
  readonly user: string;
  readonly cgroupParent: string | undefined;
}

export function containerOptions(
  attempt: AttemptToRun,
  facts: EngineFacts,
  { settings, place }: { settings: ContainerSettings; place: Place },
): ContainerCreateOptions {
  const { resources, image, network } = attempt.spec;
  const memory = resources.memoryMb * MIB;
  return {
    name: jobMark(attempt),
    Labels: { [MARK_VARIABLE]: jobMark(attempt) },
    Image: image ?? '',
    Entrypoint: ['/bin/sh', '-c', LAUNCH, outputFolder(attempt)],
    Cmd: [...attempt.command],
    Env: Object.entries(insideEnvironment(attempt)).map(([name, value]) => `${name}=${value}`),
    WorkingDir: attempt.folder,
    User: place.user,
    HostConfig: {
      Memory: memory,
      // The same as memory: no swap beside it.
      MemorySwap: memory,
      NanoCpus: Math.round(resources.cpus * 1e9),
      PidsLimit: settings.processesMax,
      ReadonlyRootfs: true,
      Binds: [`${attempt.folder}:${attempt.folder}`],
      Tmpfs: { '/tmp': `rw,nosuid,nodev,mode=1777,size=${settings.tmpMb}m` },
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: network ? settings.network : 'none',
      IpcMode: 'private',
      // What a job writes is in its folder; the engine keeps no second copy.
      LogConfig: { Type: 'none', Config: {} },
      // The first process of a container does not die of SIGTERM unless it asks to; below an init it does.
      Init: true,
      AutoRemove: false,
      ...gpus(attempt, facts),
      ...(place.cgroupParent === undefined ? {} : { CgroupParent: place.cgroupParent }),
    },
  };
}

/** An image brings its own PATH, and GPUs are numbered anew inside. */
function insideEnvironment({ environment, gpus }: AttemptToRun): Record<string, string> {
  const { PATH: _, ...rest } = environment;
  return { ...rest, CUDA_VISIBLE_DEVICES: gpus.map((_, index) => index).join(',') };
}

/** Podman names devices by the Container Device Interface; it ignores requests. */
function gpus({ gpus }: AttemptToRun, { podman }: EngineFacts): object {
  if (gpus.length === 0) return {};
  if (podman) return { Devices: gpus.map((index) => ({ PathOnHost: `nvidia.com/gpu=${index}` })) };
  const request: DeviceRequest = { Driver: 'nvidia', DeviceIDs: gpus.map(String), Capabilities: [['gpu']] };
  return { DeviceRequests: [request] };
}
