// `labmesh down`: ends the mesh that `labmesh up` started here.
import type { Command } from 'commander';
import { addJsonOption, type Session } from '../session.js';

const HELP = `
Asks the supervisor to stop, which lets each process finish what is under way for up to 15 s. Where it was killed, its processes
are ended here. Only processes that were started for this folder are ended; logs stay in <dir>/run.

Examples:
  npx @labmesh/cli down
  npx @labmesh/cli down --dir /etc/labmesh`;

export function addDown(program: Command, session: Session): void {
  const command = program
    .command('down')
    .description('end what npx @labmesh/cli up started')
    .option('--dir <folder>', 'that npx @labmesh/cli up was given', 'mesh');
  addJsonOption(command)
    .addHelpText('after', HELP)
    .action(({ dir }: { dir: string }) =>
      session.offline(command, async ({ output }) => {
        const { RunFolder } = await import('../up/run-folder.js');
        const { takeDown } = await import('../up/supervisor.js');
        const ended = await takeDown(new RunFolder(dir), (text) => output.note(text));
        output.answer({ ended }, () => output.line(ended === 0 ? 'Nothing ran.' : `Ended ${ended} processes.`));
      }),
    );
}
