// What a command line is run with: everything of the outside world that the command touches.
export interface Sink {
  write(chunk: string | Uint8Array): unknown;
  readonly isTTY?: boolean | undefined;
  /** Lines that a terminal shows at once. */
  readonly rows?: number | undefined;
}

export interface Host {
  readonly env: NodeJS.ProcessEnv;
  /** Where the search for a lab on this machine begins. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean | undefined };
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Resolves with whether the address was handed to a browser; never rejects. */
  readonly openBrowser: (url: string) => Promise<boolean>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Shows a text in a pager, the one of these settings or the usual one; false where there is none. */
  readonly page?: (text: string, pager: string | undefined) => boolean;
  /** Says that the end after Ctrl-C takes longer than a moment, since others are let finish. */
  readonly lingers?: () => void;
}
