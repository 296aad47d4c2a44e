// A payment somebody means, under one key: made once, kept until the lab has answered, so that trying again never pays twice.
import { newId } from '../mcp/ids.js';

export interface Intent {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly key: string;
  /** Whose it is: another wallet that signs in in this tab must not send it. */
  readonly walletId: string | undefined;
}

/** With these the lab has answered for good: nothing moved, and nothing will under this key. All else leaves it open. */
const REFUSALS = new Set(['insufficient_funds', 'conflict', 'not_found', 'invalid_input', 'forbidden', 'too_large']);

export const isRefusal = (code: string): boolean => REFUSALS.has(code);

/** What was sent and not answered goes first, as it was; only then something new is meant, under a new key. */
export const intentFor = (open: Intent | undefined, meant: Omit<Intent, 'key'>): Intent =>
  open ?? { ...meant, key: `page-${newId()}` };

/** The amount that was sent and not answered. */
export const openAmount = (open: Intent | undefined): string | undefined =>
  typeof open?.input.amount === 'string' ? open.input.amount : undefined;

const nameOf = (slot: string): string => `labmesh.intent.${slot}`;

export function keepIntent(slot: string, intent: Intent | undefined): void {
  try {
    if (intent) sessionStorage.setItem(nameOf(slot), JSON.stringify(intent));
    else sessionStorage.removeItem(nameOf(slot));
  } catch {
    // storage is switched off: it lasts as long as the dialog
  }
}

/** What was sent and not answered, also before the page was reloaded. */
export function keptIntent(slot: string, walletId: string | undefined): Intent | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(nameOf(slot)) ?? 'null') as Intent | null;
    return kept !== null && typeof kept.key === 'string' && kept.walletId === walletId ? kept : undefined;
  } catch {
    return undefined;
  }
}
