// Hands an address to the platform's own opener. Never through a shell on Unix, and never waits for the browser.
import { spawn } from 'node:child_process';

export interface Opener {
  readonly command: string;
  readonly args: readonly string[];
}

export function openerFor(platform: string, url: string): Opener {
  switch (platform) {
    case 'darwin':
      return { command: 'open', args: [url] };
    case 'win32':
      // The empty title keeps `start` from taking the address for one.
      return { command: 'cmd', args: ['/c', 'start', '""', url] };
    default:
      return { command: 'xdg-open', args: [url] };
  }
}

/** @returns false when there is no opener on this machine */
export function openBrowser(url: string, { command, args } = openerFor(process.platform, url)): Promise<boolean> {
  return new Promise((resolve) => {
    const opener = spawn(command, args, {
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      windowsVerbatimArguments: true,
    });
    opener.once('error', () => resolve(false));
    opener.once('spawn', () => {
      opener.unref();
      resolve(true);
    });
  });
}
