// `labmesh open`: a one-time link to the lab's page, and the browser on it.
import { sentinel } from '@labmesh/contracts';
import type { Command } from 'commander';
import { labUrl } from '../config.js';
import { isLoopback } from '../lab/operator-token.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Whoever opens the link first is signed in as you. It works once, for ten minutes.

Examples:
  npx @labmesh/cli open
  npx @labmesh/cli open --no-browser     print the link only`;

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
        const { servers, hasDisplay } = session.config;
        // On the lab's own machine its address for people may be another than the one that answers here.
        const local = isLoopback(new URL(url).hostname);
        const page = local && servers.publicUrl !== undefined ? labUrl(servers.publicUrl, 'LABMESH_PUBLIC_URL') : url;
        const link = `${page}/#code=${encodeURIComponent(code)}`;
        const opened = options.browser && hasDisplay && (await host.openBrowser(link));
        output.answer({ url: link, expiresAt, opened }, () => output.line(link));
        output.note(opened ? 'Opened in your browser.' : 'Open it in a browser within 10 minutes. It works once.');
      }),
    );
}
