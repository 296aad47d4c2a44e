// A policy made ready for deciding: its lists are sets, its rules are sorted by whom and what they concern, once per version.
// Pure: what it says at a moment follows from the document and that moment alone.
import {
  type Permission,
  type PolicyRule,
  type Principal,
  ROLE_PERMISSIONS,
  ROLES,
  type Role,
  type VersionedPolicy,
} from '@labmesh/contracts';

/** What is asked for: a tool or operation by its names, and what it needs. */
export interface Asked {
  readonly agent: string;
  /** Gateway name. */
  readonly name: string;
  readonly permission: Permission;
}

export type Who = Pick<Principal, 'role'> & { readonly walletId?: string };

interface Ready {
  readonly rule: PolicyRule;
  /** Place among the rules. */
  readonly at: number;
  readonly exempt: ReadonlySet<string>;
}

export class CompiledPolicy {
  readonly version: number;
  /** When the next of its rules ends, Unix milliseconds: from then on it must be compiled anew. */
  readonly endsAtMs: number;
  /** Equal for policies under which everybody may do the same. */
  readonly key: string;
  readonly #permissions: ReadonlyMap<string, ReadonlySet<Permission>>;
  /** Those that name no wallet in what they deny. */
  readonly #general: readonly Ready[];
  /** By role, then by what is asked for: filled as it is asked, as many as there are tools and operations. */
  readonly #concerning = new Map<string, Map<string, readonly Ready[]>>();
  /** The others, by each wallet that they name: a wallet that none names costs one look. */
  readonly #byWallet: ReadonlyMap<string, readonly Ready[]>;
  readonly #exempt: ReadonlySet<string>;
  readonly #bounded = new WeakMap<Principal, Principal>();

  /** @param nowMs rules that ended before are left out */
  constructor(
    readonly source: VersionedPolicy,
    nowMs: number,
  ) {
    const { version, policy } = source;
    this.version = version;
    this.#permissions = new Map(ROLES.map((role) => [role, new Set(policy.roles[role] ?? ROLE_PERMISSIONS[role])]));
    const rules = policy.rules.filter(({ until }) => until === undefined || Date.parse(until) > nowMs);
    const all = rules.map(ready);
    this.#general = all.filter(({ rule }) => rule.deny.wallets === undefined);
    this.#byWallet = byWallet(all);
    this.#exempt = new Set(rules.flatMap(({ except }) => except?.wallets ?? []));
    this.endsAtMs = Math.min(...rules.map(({ until }) => (until === undefined ? Infinity : Date.parse(until))));
    this.key = JSON.stringify([ROLES.map((role) => [...(this.permissionsOf(role) ?? [])].sort()), rules]);
  }

  /** Undefined for a role that does not exist: rights arrive over a wire. */
  permissionsOf(role: Role): ReadonlySet<Permission> | undefined {
    return this.#permissions.get(role);
  }

  rolesWith(permission: Permission): Role[] {
    return ROLES.filter((role) => this.permissionsOf(role)?.has(permission));
  }

  /** True when a rule speaks of this wallet: it may fare otherwise than others of its role. */
  singlesOut(walletId: string): boolean {
    return this.#byWallet.has(walletId) || this.#exempt.has(walletId);
  }

  /** All that a role may do, before rules: the rights of any wallet that no rule names. */
  rightsOf(role: Role): Pick<Principal, 'role' | 'permissions'> {
    return { role, permissions: [...(this.permissionsOf(role) ?? [])] };
  }

  /** The first rule that denies it; a wallet that is left out stands for any that no rule names. */
  denial(who: Who, asked: Asked): PolicyRule | undefined {
    const general = this.#general.length === 0 ? undefined : this.#rulesFor(who.role, asked).find(touches(who));
    const named = who.walletId === undefined ? undefined : this.#byWallet.get(who.walletId);
    const own = named?.find((each) => touches(who)(each) && concerns(each.rule, who.role, asked));
    return (own !== undefined && own.at < (general?.at ?? Infinity) ? own : general)?.rule;
  }

  /** All rules that deny it, in the policy's order. */
  denials(who: Who, asked: Asked): PolicyRule[] {
    const named = who.walletId === undefined ? [] : (this.#byWallet.get(who.walletId) ?? []);
    return [...this.#rulesFor(who.role, asked), ...named.filter(({ rule }) => concerns(rule, who.role, asked))]
      .filter(touches(who))
      .sort((one, other) => one.at - other.at)
      .map(({ rule }) => rule);
  }

  /** The principal without what this policy takes from them; the same object when it takes nothing. */
  bounded(principal: Principal): Principal {
    const known = this.#bounded.get(principal);
    if (known !== undefined) return known;
    const permissions = principal.permissions.filter((permission) => this.#grants(principal, permission));
    const bounded = permissions.length === principal.permissions.length ? principal : { ...principal, permissions };
    this.#bounded.set(principal, bounded);
    return bounded;
  }

  #grants(principal: Principal, permission: Permission): boolean {
    if (this.permissionsOf(principal.role)?.has(permission) !== true) return false;
    // Only rules about the permission as such: no tool and no agent has these names.
    return this.denial(principal, { agent: '', name: ` ${permission}`, permission }) === undefined;
  }

  #rulesFor(role: Role, asked: Asked): readonly Ready[] {
    const ofRole = this.#concerning.get(role) ?? new Map<string, readonly Ready[]>();
    this.#concerning.set(role, ofRole);
    const known = ofRole.get(asked.name);
    if (known !== undefined) return known;
    const found = this.#general.filter(({ rule }) => concerns(rule, role, asked));
    ofRole.set(asked.name, found);
    return found;
  }
}

const touches =
  ({ walletId }: Who) =>
  ({ exempt }: Ready): boolean =>
    walletId === undefined || !exempt.has(walletId);

function byWallet(rules: readonly Ready[]): Map<string, Ready[]> {
  const found = new Map<string, Ready[]>();
  for (const ready of rules)
    for (const wallet of new Set(ready.rule.deny.wallets)) found.set(wallet, [...(found.get(wallet) ?? []), ready]);
  return found;
}

const fits = <T>(values: readonly T[] | undefined, value: T): boolean => values === undefined || values.includes(value);

const concerns = ({ deny, except }: PolicyRule, role: Role, { agent, name, permission }: Asked): boolean =>
  fits(deny.roles, role) &&
  except?.roles?.includes(role) !== true &&
  fits(deny.agents, agent) &&
  fits(deny.tools, name) &&
  fits(deny.permissions, permission);

const ready = (rule: PolicyRule, at: number): Ready => ({ rule, at, exempt: new Set(rule.except?.wallets ?? []) });
