// The operator: a wallet made at first start, and a client key for it in a file of the data folder. No password exists.
import { join } from 'node:path';
import {
  AppError,
  CLIENT_KEY_MAX_S,
  OPERATOR_KEEPS,
  PERMISSIONS,
  type Principal,
  toAppError,
} from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CLOCK, type Clock } from '../clock.js';
import { CredentialCheck } from '../tokens/credential-check.js';
import { CredentialIssuer } from '../tokens/credential-issuer.js';
import { OperatorRepository } from './operator.repository.js';
import { readTokenFile, writeTokenFile } from './token-file.js';

/** A key with less life than this is replaced at a start. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

@Injectable()
export class OperatorAccount implements OnApplicationBootstrap {
  /** Where the operator's client key is, for this lab or replica. */
  readonly tokenPath: string;
  #principal: Principal | undefined;

  constructor(
    @Inject(OperatorRepository) private readonly repository: OperatorRepository,
    @Inject(CredentialIssuer) private readonly issuer: CredentialIssuer,
    @Inject(CredentialCheck) private readonly check: CredentialCheck,
    @Inject(LAB_CONFIG) lab: LabConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.tokenPath = join(lab.home, 'operator.token');
  }

  async onApplicationBootstrap(): Promise<void> {
    const walletId = await this.#enrolled();
    this.#principal = (await this.#fromFile(walletId)) ?? (await this.#renew(walletId));
  }

  /** The operator's wallet. @throws AppError unavailable before the start is over */
  walletId(): string {
    return this.principal().walletId;
  }

  /** The operator, as the key in the file makes them known. @throws AppError unavailable before the start is over */
  principal(): Principal {
    if (!this.#principal)
      throw new AppError('unavailable', 'Cannot tell the operator yet: the Sentinel is still starting. Try again.');
    return this.#principal;
  }

  async #enrolled(): Promise<string> {
    const known = await this.repository.walletId();
    if (known) return known;
    await this.repository.enrol(`wal_${uuidv7()}`);
    // Reread: another replica's wallet may have been first.
    const winner = await this.repository.walletId();
    if (!winner) throw new Error('no operator after one was enrolled');
    return winner;
  }

  async #fromFile(walletId: string): Promise<Principal | undefined> {
    const token = await readTokenFile(this.tokenPath);
    if (!token) return undefined;
    try {
      const { principal, expiresAt } = await this.check.verify(token);
      const long = expiresAt.getTime() - this.clock() >= RENEW_BEFORE_MS;
      // A key from before there were policies could not set one.
      const able = OPERATOR_KEEPS.every((permission) => principal.permissions.includes(permission));
      return long && able && principal.walletId === walletId ? principal : undefined;
    } catch (error) {
      if (toAppError(error).code === 'unauthenticated') return undefined;
      throw error;
    }
  }

  async #renew(walletId: string): Promise<Principal> {
    const { token, credential } = await this.issuer.issue({
      kind: 'client_key',
      walletId,
      role: 'operator',
      permissions: PERMISSIONS,
      label: 'operator.token',
      issuedBy: walletId,
      ttlSeconds: CLIENT_KEY_MAX_S,
    });
    await writeTokenFile(this.tokenPath, token);
    return { walletId, role: 'operator', permissions: credential.permissions, credentialId: credential.id };
  }
}
