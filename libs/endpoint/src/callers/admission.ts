// Lets a request of a known caller in: it is charged to the wallet's rate, and a stream gets a place for as long as it is open.
// What a tool may do is decided nearer to the tool; this knows of none.
import type { ServerResponse } from 'node:http';
import { type Principal, toAppError } from '@labmesh/contracts';
import type { ChangedRoles, Restrictions, RevokedCredentials } from '@labmesh/identity';
import type { CallLimits } from '../limits/call-limits.js';
import type { Refusals, Refused } from '../limits/refusals.js';

export interface AdmissionServices {
  readonly limits: CallLimits;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly revoked: Pick<RevokedCredentials, 'whenRevoked'>;
  readonly roles: Pick<ChangedRoles, 'whenChanged'>;
  readonly restrictions: Pick<Restrictions, 'blocked' | 'whenStopped'>;
}

/** Under what a refusal is recorded. */
export type RecordedAs = Pick<Refused, 'agent' | 'tool' | 'callId'>;

/** What became of the rights that a stream was opened with. */
export interface RightsWatch {
  readonly withdrawn: () => void;
  /** The wallet has another role, or is held up: it may have to end. */
  readonly changed: () => void;
}

export class Admission {
  constructor(private readonly services: AdmissionServices) {}

  /** @throws AppError rate_limited, which is noted */
  request(principal: Principal, as: RecordedAs): void {
    this.#noting(principal, as, () => this.services.limits.request(principal.walletId));
  }

  /** A place among the streams until `res` closes. @throws AppError rate_limited, or what holds the wallet up; both are noted */
  stream(principal: Principal, as: RecordedAs, res: ServerResponse): void {
    this.#noting(principal, as, () => {
      const blocked = this.services.restrictions.blocked(principal);
      if (blocked !== undefined) throw blocked;
      const place = this.services.limits.openStream(principal.walletId);
      res.once('close', () => place.leave());
    });
  }

  /** Tells when the rights of an open stream change; gives back what ends the watch. */
  watchRights({ walletId, credentialId }: Principal, { withdrawn, changed }: RightsWatch): () => void {
    const { revoked, roles, restrictions } = this.services;
    const forgets = [
      revoked.whenRevoked(credentialId, withdrawn),
      roles.whenChanged(walletId, changed),
      restrictions.whenStopped(walletId, changed),
    ];
    return () => {
      for (const forget of forgets) forget();
    };
  }

  #noting({ walletId, credentialId }: Principal, as: RecordedAs, admit: () => void): void {
    try {
      admit();
    } catch (error) {
      this.services.refusals.note({ ...as, walletId, credentialId }, toAppError(error));
      throw error;
    }
  }
}
