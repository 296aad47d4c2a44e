// What a new credential may carry: the intersection rule. Pure; nothing is ever added to what the caller holds.
import {
  ACCESS_TOKEN_MAX_S,
  AGENTS,
  AppError,
  type Audience,
  CLIENT_KEY_MAX_S,
  gateway,
  gatewayName,
  type Permission,
  type Principal,
  publicTools,
  type Role,
} from '@labmesh/contracts';

export type CredentialKind = 'access' | 'client_key';

export interface Wish {
  readonly kind: CredentialKind;
  readonly permissions?: readonly Permission[] | undefined;
  readonly toolset?: readonly string[] | undefined;
  readonly ttlSeconds?: number | undefined;
}

export interface Grant {
  readonly permissions: Permission[];
  readonly toolset?: string[];
  readonly ttlSeconds: number;
}

/** All that a role may do under the policy in force. */
export interface OfRole {
  readonly role: Role;
  readonly permissions: readonly Permission[];
}

export const LIFE_MAX_S: Readonly<Record<CredentialKind, number>> = {
  access: ACCESS_TOKEN_MAX_S,
  client_key: CLIENT_KEY_MAX_S,
};

const TOOL_NAMES: ReadonlySet<string> = new Set([
  ...publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)),
  ...Object.keys(gateway.tools),
]);

/**
 * Weighs a wish against the caller and the role of the wallet it is for. What is left out becomes the most that is allowed.
 * @throws AppError forbidden naming what is too much; invalid_input for a life or a tool that does not exist.
 */
export function weigh(wish: Wish, caller: Principal, ofRole: OfRole): Grant {
  const toolset = toolsetOf(wish.toolset, caller);
  return {
    permissions: permissionsOf(wish.permissions, caller, ofRole),
    ...(toolset ? { toolset } : {}),
    ttlSeconds: lifeOf(wish.kind, wish.ttlSeconds),
  };
}

/** A caller that is bound to one place gives out nothing that is good at another. @throws AppError forbidden */
export function audienceWithin(wished: Audience | undefined, bound: Audience | undefined): Audience | undefined {
  if (bound === undefined || wished === undefined || wished === bound) return wished ?? bound;
  throw new AppError(
    'forbidden',
    `Cannot make this token: your own is good at ${bound} alone, and gives nothing that is good at ${wished}. Call with a token that is not bound to ${bound}.`,
  );
}

function permissionsOf(
  wished: Wish['permissions'],
  caller: Principal,
  { role, permissions: ofRole }: OfRole,
): Permission[] {
  const allowed = ofRole.filter((permission) => caller.permissions.includes(permission));
  if (!wished) return allowed;
  const beyondRole = wished.filter((permission) => !ofRole.includes(permission));
  if (beyondRole.length > 0) {
    throw new AppError(
      'forbidden',
      `Cannot make this token: the wallet’s role ${role} does not have ${beyondRole.join(', ')}. Leave it out.`,
    );
  }
  const beyondCaller = wished.filter((permission) => !allowed.includes(permission));
  if (beyondCaller.length > 0) {
    throw new AppError(
      'forbidden',
      `Cannot make this token: your own token does not carry ${beyondCaller.join(', ')}, and gives no more than it has. Leave it out, or call with a token that carries it.`,
    );
  }
  return allowed.filter((permission) => wished.includes(permission));
}

function toolsetOf(wished: Wish['toolset'], caller: Principal): string[] | undefined {
  if (!wished) return caller.toolset ? [...caller.toolset] : undefined;
  const unknown = wished.filter((name) => !TOOL_NAMES.has(name));
  if (unknown.length > 0) {
    throw new AppError(
      'invalid_input',
      `Cannot make this token: no such tool as ${unknown.join(', ')}. List the tools for their names.`,
    );
  }
  const beyond = wished.filter((name) => caller.toolset?.includes(name) === false);
  if (beyond.length > 0) {
    throw new AppError(
      'forbidden',
      `Cannot make this token: your own token’s toolset does not have ${beyond.join(', ')}. Leave it out, or call with a token that has it.`,
    );
  }
  return [...new Set(wished)];
}

function lifeOf(kind: CredentialKind, wishedS: number | undefined): number {
  const most = LIFE_MAX_S[kind];
  if (wishedS !== undefined && wishedS > most) {
    throw new AppError(
      'invalid_input',
      `Cannot make this token: ttlSeconds is ${wishedS}, and ${kind} lives at most ${most} s. Ask for less.`,
    );
  }
  return wishedS ?? most;
}
