// An audit record as the lab shows it, and the filters it can be looked for by.
export const SEVERITIES = ['info', 'notice', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_MEANING: Readonly<Record<Severity, string>> = {
  info: 'went well',
  notice: 'failed on what its caller sent',
  warning: 'refused',
  error: 'the lab failed',
};

export interface AuditRecord {
  readonly cursor: string;
  readonly severity: Severity;
  readonly id: string;
  readonly callId: string;
  readonly at: string;
  readonly walletId: string | null;
  readonly credentialId: string | null;
  readonly chain: readonly string[];
  readonly agent: string;
  readonly tool: string;
  readonly decision: 'allow' | 'deny';
  readonly outcome: string;
  readonly durationMs: number;
  readonly inputHash: string | null;
  readonly inputBytes: number | null;
  readonly outputHash: string | null;
  readonly outputBytes: number | null;
  readonly about: Readonly<Record<string, string>> | null;
}

/** Empty texts are filters that are not set. */
export interface AuditFilter {
  readonly walletId: string;
  readonly agent: string;
  readonly tool: string;
  readonly severity: '' | Severity;
  readonly outcome: string;
  readonly callId: string;
}

export const NO_FILTER: AuditFilter = { walletId: '', agent: '', tool: '', severity: '', outcome: '', callId: '' };

/** True for what the lab would take as a wallet's id. */
export const isWalletId = (text: string): boolean =>
  /^wal_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text.trim());

/** As the lab's tools and the stream of events take it. A wallet's id counts once it is whole. */
export function wantedOf(filter: AuditFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([name, value]) => value !== '' && (name !== 'walletId' || isWalletId(value))),
  );
}

export const isSet = (filter: AuditFilter): boolean => Object.values(filter).some((value) => value !== '');

/** Where a record stands among others: newest first. */
export const newestFirst = (a: AuditRecord, b: AuditRecord): number => Number(b.cursor) - Number(a.cursor);

/** Newest first, each once, at most `most`. What comes live is newer than what is there, so this is nearly always a copy. */
export function joined(
  records: readonly AuditRecord[],
  more: readonly AuditRecord[],
  most: number,
): readonly AuditRecord[] {
  const byCursor = new Map([...records, ...more].map((record) => [record.cursor, record]));
  return [...byCursor.values()].sort(newestFirst).slice(0, most);
}
