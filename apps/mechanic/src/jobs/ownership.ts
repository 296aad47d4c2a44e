// Whose job it is: another wallet's is not there, for everybody but the operator.
import { AppError, type Principal } from '@labmesh/contracts';

export const mayOperate = ({ permissions }: Pick<Principal, 'permissions'>): boolean =>
  permissions.includes('job:operate');

export const isTheirs = (owner: string, caller: Principal): boolean => owner === caller.walletId || mayOperate(caller);

export const noJob = (jobId: string): AppError =>
  new AppError('not_found', `Cannot find the job ${jobId}: there is none of yours. list_jobs has them.`);

export const noArray = (arrayId: string): AppError =>
  new AppError(
    'not_found',
    `Cannot find the array ${arrayId}: there is none of yours. list_jobs says of which one a job is.`,
  );
