// What the lab's readiness says, read every ten seconds while the page is looked at. It is no call of a tool: a page that stands
// open leaves no records in the audit log.
import { useEffect, useState } from 'react';

const EVERY_MS = 10_000;

interface Ready {
  readonly checks?: Readonly<Record<string, string>>;
  readonly agents?: Readonly<Record<string, { readonly status: string; readonly instances: number }>>;
}

/** A text that is another one as soon as an agent or a part of the lab comes, goes or fails; undefined while it is not known. */
export function useReadiness(): string | undefined {
  const [known, setKnown] = useState<string>();
  useEffect(() => {
    const over = new AbortController();
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      void read(over.signal).then((text) => text !== undefined && !over.signal.aborted && setKnown(text));
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      over.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return known;
}

async function read(signal: AbortSignal): Promise<string | undefined> {
  try {
    const options = { signal, credentials: 'omit', cache: 'no-store' } as const;
    const { checks = {}, agents = {} } = (await (
      await fetch(new URL('readyz', document.baseURI), options)
    ).json()) as Ready;
    const there = Object.entries(agents).map(([name, { status, instances }]) => [name, status, instances]);
    return JSON.stringify([Object.entries(checks), there]);
  } catch {
    // The lab is away, or does not show its readiness here: what is on the page stays, with its time.
    return undefined;
  }
}
