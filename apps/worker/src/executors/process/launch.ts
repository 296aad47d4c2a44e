// The command line that puts a job into its control group and namespaces, takes every privilege from it, and becomes the job.
import type { Keeper, Namespaces } from './keeper.js';
import type { Programs } from './programs.js';

export interface Launch {
  readonly programs: Programs;
  readonly namespaces: Namespaces;
  readonly keeper?: Pick<Keeper, 'pid'> | undefined;
  /** Files that take the id of whoever joins a control group. */
  readonly joins: readonly string[];
  readonly isRoot: boolean;
  /** Most bytes of one file. */
  readonly fileBytes: number;
  /** Most processes, where only a limit of the user's can hold them. */
  readonly processes?: number | undefined;
  readonly command: readonly string[];
}

/** Takes how many files follow, the files, and what it then becomes. */
const JOIN = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 125; shift; n=$((n - 1)); done; exec "$@"';

export function commandLine(launch: Launch): [string, ...string[]] {
  const { programs, namespaces, keeper, joins, isRoot } = launch;
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
  const join =
    joins.length === 0 ? [] : [programs.sh ?? 'sh', '-c', JOIN, 'labmesh-join', String(joins.length), ...joins];
  const [first = 'false', ...rest] = [
    ...join,
    ...enter,
    ...withoutPrivileges(launch, isRoot || namespaces.user),
    ...launch.command,
  ];
  return [first, ...rest];
}

function withoutPrivileges({ programs, keeper, fileBytes, processes }: Launch, isPrivileged: boolean): string[] {
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
