// Images of jobs: known before a job starts, fetched where the lab lets it.
import { AppError } from '@labmesh/contracts';
import type { ContainerSettings } from './container-settings.js';
import { type Engine, saidBy, statusOf } from './engine.js';

/** @throws AppError not_found for one that is not there and may not be fetched */
export async function requireImage({ quick }: Engine, image: string, { pull }: ContainerSettings): Promise<void> {
  if (pull === 'missing' || (await has({ quick }, image))) return;
  throw new AppError(
    'not_found',
    `Cannot run ${image}: the container engine has no such image, and the worker may not fetch any. Load it there (podman pull, podman import), or set LABMESH_WORKER_CONTAINER_PULL=missing.`,
  );
}

/** @throws AppError invalid_input with what the engine or registry said */
export async function fetchImage(engine: Engine, image: string): Promise<void> {
  if (await has(engine, image)) return;
  try {
    const progress = await engine.patient.pull(image);
    await new Promise<void>((resolve, reject) => {
      engine.patient.modem.followProgress(progress, (error: Error | null) => (error ? reject(error) : resolve()));
    });
    // Some engines tell a failure as one more line of progress.
    if (!(await has(engine, image))) throw new Error('its registry does not answer, or does not have it');
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      `Cannot fetch the image ${image}: ${saidBy(cause)}. Check its name and registry.`,
      {
        cause,
      },
    );
  }
}

async function has({ quick }: Pick<Engine, 'quick'>, image: string): Promise<boolean> {
  try {
    await quick.getImage(image).inspect();
    return true;
  } catch (cause) {
    if (statusOf(cause) === 404) return false;
    throw new AppError('unavailable', `Cannot look for the image ${image}: ${saidBy(cause)}`, { cause });
  }
}
