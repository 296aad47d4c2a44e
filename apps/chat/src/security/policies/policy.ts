// The lab's policy as the page reads it, and what a draft of one is before the lab has seen it.
export interface Selector {
  readonly roles?: readonly string[];
  readonly wallets?: readonly string[];
  readonly agents?: readonly string[];
  readonly tools?: readonly string[];
  readonly permissions?: readonly string[];
}

export interface Rule {
  readonly id: string;
  readonly description: string;
  readonly deny: Selector;
  readonly except?: Selector;
  readonly until?: string;
}

export interface Policy {
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly Rule[];
  readonly anomalies: {
    readonly shadow: boolean;
    readonly content: string;
    readonly behaviour: string;
    readonly forMinutes: number;
  };
}

export interface RolePermissions {
  readonly role: string;
  readonly permissions: readonly string[];
}

export interface PolicyVersion {
  readonly version: number;
  readonly at?: string;
  readonly by?: string;
  readonly note: string;
  readonly restored?: number;
  readonly changes: readonly string[];
}

export interface PolicyAnswer {
  readonly inForce: number;
  readonly shown: { readonly version: number; readonly policy: Policy };
  readonly permissions: readonly RolePermissions[];
  readonly versions: readonly PolicyVersion[];
  readonly nextBefore?: number;
}

export interface RoleTools {
  readonly role: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface ChangedCalls {
  readonly walletId: string;
  readonly role: string;
  readonly tool: string;
  readonly before: 'allow' | 'deny';
  readonly after: 'allow' | 'deny';
  readonly rule: string;
  readonly reason: string;
  readonly calls: number;
}

/** What set_policy answers, for a dry run and for the real one. */
export interface SetAnswer {
  readonly version: number;
  readonly set: boolean;
  readonly changes: readonly string[];
  readonly tools: readonly RoleTools[];
  readonly traffic?: {
    readonly from: string;
    readonly calls: number;
    readonly undecided: number;
    readonly wouldDeny: number;
    readonly wouldAllow: number;
    readonly changed: readonly ChangedCalls[];
    readonly more: number;
  };
}

/** A policy of the editor, or an earlier version to set again. */
export type Proposal = { readonly policy: unknown } | { readonly restore: number };

export type Draft =
  | { readonly ok: true; readonly policy: unknown }
  /** Why the text is no JSON. */
  | { readonly ok: false; readonly problem: string };

export const textOf = (policy: Policy): string => JSON.stringify(policy, null, 2);

/** Only whether it is JSON: what a policy may say, the lab knows. */
export function readDraft(text: string): Draft {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return { ok: true, policy };
    return { ok: false, problem: 'A policy is an object: { "roles": …, "rules": …, "anomalies": … }' };
  } catch (thrown) {
    return { ok: false, problem: `This is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

/** The lab's own words about an input, one problem each: "…with this input: a: b; c: d" -> ["a: b", "c: d"]. */
export function problemsOf(message: string): readonly string[] {
  const listed = /with this input: (.*)$/s.exec(message)?.[1];
  return listed === undefined ? [message] : listed.split('; ');
}

/** Every permission that some role has, by what it is about. */
export function permissionRows(roles: readonly RolePermissions[]): readonly string[] {
  return [...new Set(roles.flatMap(({ permissions }) => permissions))].sort();
}

const MEMBERS = ['roles', 'wallets', 'agents', 'tools', 'permissions'] as const;

/** A selector as parts that must all fit: "roles: citizen, researcher". */
export function selectorParts(
  selector: Selector,
): readonly { readonly name: string; readonly values: readonly string[] }[] {
  return MEMBERS.flatMap((name) => {
    const values = selector[name];
    return values === undefined ? [] : [{ name, values }];
  });
}
