// The command line that puts a job into its namespaces, takes every privilege from it, and becomes the job.
import type { Keeper, Namespaces } from './keeper.js';
import type { Programs } from './programs.js';

export interface Confinement {
  readonly programs: Programs;
  readonly namespaces: Namespaces;
  readonly keeper?: Pick<Keeper, 'pid'> | undefined;
  readonly isRoot: boolean;
  /** Most bytes of one file. */
  readonly fileBytes: number;
  /** Most processes, where only a limit of the user's can hold them. */
  readonly processes?: number | undefined;
  readonly command: readonly string[];
}

export function commandLine(confinement: Confinement): string[] {
  const { programs, namespaces, keeper, isRoot, command } = confinement;
  const enter =
    keeper === undefined
      ? []
      : [
          programs.nsenter ?? 'nsenter',
          ...['--target', String(keeper.pid)],
          ...(namespaces.user ? ['--user', '--preserve-credentials'] : []),
          ...(['pid', 'mount', 'net'] as const).filter((kind) => namespaces[kind]).map((kind) => `--${kind}`),
          ...(namespaces.mount ? ['--wd'] : []),
          '--',
        ];
  return [...enter, ...withoutPrivileges(confinement, isRoot || namespaces.user), ...command];
}

function withoutPrivileges({ programs, keeper, fileBytes, processes }: Confinement, isPrivileged: boolean): string[] {
  return [
    programs.setpriv ?? 'setpriv',
    ...(keeper === undefined ? ['--pdeathsig', 'KILL'] : []),
    '--no-new-privs',
    ...(isPrivileged ? ['--bounding-set=-all', '--inh-caps=-all'] : []),
    '--',
    programs.prlimit ?? 'prlimit',
    '--core=0',
    `--fsize=${fileBytes}`,
    ...(processes === undefined ? [] : [`--nproc=${processes}`]),
    '--',
  ];
}
