// `labmesh completion`: the shell's completion, from the commands as they are.
import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/script.js';
import { addJsonOption, type Session } from '../session.js';

const HELP = `
Completes labmesh, the name that npm gives the command (npm link, or npm install -g). It starts nothing while you type; write
it anew after an update.

Examples:
  npx @labmesh/cli completion bash > ~/.local/share/bash-completion/completions/labmesh
  npx @labmesh/cli completion zsh > "\${fpath[1]}/_labmesh"
  npx @labmesh/cli completion fish > ~/.config/fish/completions/labmesh.fish`;

export function addCompletion(program: Command, session: Session): void {
  const command = program
    .command('completion')
    .description('the completion of a shell, to be kept where the shell looks for it')
    .addArgument(new Argument('<shell>', 'that completes').choices(SHELLS));
  addJsonOption(command)
    .addHelpText('after', HELP)
    .action((shell: Shell) =>
      session.offline(command, async ({ output }) => {
        const script = completionScript(shell, program);
        output.answer({ shell, script }, () => output.line(script.trimEnd()));
      }),
    );
}
