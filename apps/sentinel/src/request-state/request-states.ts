// What a tool wants back with the answers it asked for, on its way through the client: nobody can read or change it, and it
// opens for the same wallet and purpose only, until it expires.
import {
  AppError,
  REQUEST_STATE_FORM,
  REQUEST_STATE_TTL_S,
  type sentinel,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { MasterKeys } from '../keys/master-keys.js';
import { CredentialCheck } from '../tokens/credential-check.js';

type Tools = typeof sentinel.tools;
type Seal = Tools['seal_state'];
type Open = Tools['open_state'];

const PURPOSE = 'request state';
/** In front of every sealed text, so that its form can change. */
const FORM = `${REQUEST_STATE_FORM}.`;
/** Unix milliseconds, before the text. */
const TIME_BYTES = 8;

@Injectable()
export class RequestStates {
  constructor(
    @Inject(MasterKeys) private readonly master: MasterKeys,
    @Inject(CredentialCheck) private readonly check: CredentialCheck,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** seal_state. @throws AppError unauthenticated for a credential that is not good */
  async seal({ credential, state, purpose }: ToolInput<Seal>): Promise<ToolOutput<Seal>> {
    const about = await this.#about(credential, purpose);
    const goodUntil = Buffer.alloc(TIME_BYTES);
    goodUntil.writeBigUInt64BE(BigInt(this.clock() + REQUEST_STATE_TTL_S * 1_000));
    const sealed = this.master.seal(Buffer.concat([goodUntil, Buffer.from(state)]), about, PURPOSE);
    return { sealed: `${FORM}${sealed.toString('base64url')}` };
  }

  /** open_state. @throws AppError invalid_input for any other text, without saying what is wrong with it */
  async open({ credential, sealed, purpose }: ToolInput<Open>): Promise<ToolOutput<Open>> {
    const about = await this.#about(credential, purpose);
    const bytes = sealed.startsWith(FORM) ? Buffer.from(sealed.slice(FORM.length), 'base64url') : Buffer.alloc(0);
    const canonical = `${FORM}${bytes.toString('base64url')}` === sealed;
    const opened = canonical ? this.master.open(bytes, about, PURPOSE) : undefined;
    if (opened === undefined || Number(opened.readBigUInt64BE()) <= this.clock())
      throw new AppError('invalid_input', 'Cannot go on from this request state: call the tool again without it.');
    return { state: opened.subarray(TIME_BYTES).toString() };
  }

  async #about(credential: string, purpose: string): Promise<string> {
    const { principal } = await this.check.verify(credential);
    return JSON.stringify([principal.walletId, purpose]);
  }
}
