// `labmesh open`: a one-time link to the lab's page, and the browser on it.
import { sentinel } from '@labmesh/contracts';
import type { Command } from 'commander';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Whoever opens the link first is signed in as you. It works once, for ten minutes.

Examples:
  labmesh open
  labmesh open --no-browser     print the link only`;

export function addOpen(program: Command, session: Session): void {
  const command = program
    .command('open')
    .description('sign in to the lab’s page')
    .option('--no-browser', 'print the link only');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((options: { browser: boolean }) =>
      session.run(command, async ({ lab, output, url, host }) => {
        const { code, expiresAt } = await lab.use(sentinel, 'create_sign_in_link', {});
        const link = `${url}/#code=${encodeURIComponent(code)}`;
        const opened = options.browser && session.config.hasDisplay && (await host.openBrowser(link));
        output.answer({ url: link, expiresAt, opened }, () => output.line(link));
        output.note(opened ? 'Opened in your browser.' : 'Open it in a browser within 10 minutes. It works once.');
      }),
    );
}
