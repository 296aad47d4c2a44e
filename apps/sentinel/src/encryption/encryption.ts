// encrypt_data and decrypt_data for wallets, seal_secret and open_secret for agents: data goes in and out by argument and answer,
// and is kept nowhere.

import {
  AppError,
  type Call,
  ENCRYPTED_FORM,
  ENCRYPTED_PATTERN,
  type sentinel,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { seal, unseal } from '../keys/aead.js';
import { DataKeys } from '../keys/data-keys.js';

type Tools = typeof sentinel.tools;
type Encrypt = Tools['encrypt_data'];
type Decrypt = Tools['decrypt_data'];
type Seal = Tools['seal_secret'];
type Open = Tools['open_secret'];
type Asking = { readonly principal: Pick<Call['principal'], 'walletId'> };

/** Whose the secrets of agents are: nobody's wallet has this id. */
const AGENTS = { walletId: 'agents of the lab' };

/** `lmx1.<key id>.<base64url of nonce, ciphertext and tag>` */
const FORM = new RegExp(`^${ENCRYPTED_PATTERN}$`);

@Injectable()
export class Encryption {
  constructor(@Inject(DataKeys) private readonly keys: DataKeys) {}

  /** @throws AppError invalid_input for what is not data in its encoding; conflict for what is not the caller's to encrypt anew */
  async encrypt(
    { data, encrypted, encoding, context }: ToolInput<Encrypt>,
    { principal }: Asking,
  ): Promise<ToolOutput<Encrypt>> {
    if ((data === undefined) === (encrypted === undefined))
      throw new AppError('invalid_input', 'Cannot encrypt without exactly one of "data" and "encrypted"');
    const bytes =
      data === undefined ? (await this.#opened(encrypted ?? '', context, principal)).bytes : bytesOf(data, encoding);
    const { keyId, key } = await this.keys.newest(principal.walletId);
    const sealed = seal(bytes, aboutOf(keyId, context), key);
    return { encrypted: `${ENCRYPTED_FORM}.${keyId}.${sealed.toString('base64url')}`, keyId };
  }

  /** @throws AppError invalid_input for what encrypt_data never gave; conflict for what was not encrypted for this caller and context */
  async decrypt(
    { encrypted, encoding, context }: ToolInput<Decrypt>,
    { principal }: Asking,
  ): Promise<ToolOutput<Decrypt>> {
    const { bytes, keyId } = await this.#opened(encrypted, context, principal);
    const newest = await this.keys.newest(principal.walletId);
    return { data: textOf(bytes, encoding), keyId, outdated: newest.keyId !== keyId };
  }

  async seal({ secret, purpose }: ToolInput<Seal>): Promise<ToolOutput<Seal>> {
    const { encrypted } = await this.encrypt(
      { data: secret, encoding: 'utf8', context: purpose },
      { principal: AGENTS },
    );
    return { sealed: encrypted };
  }

  /** @throws AppError conflict for what was not sealed for this purpose */
  async open({ sealed, purpose }: ToolInput<Open>): Promise<ToolOutput<Open>> {
    const { data } = await this.decrypt(
      { encrypted: sealed, encoding: 'utf8', context: purpose },
      { principal: AGENTS },
    );
    return { secret: data };
  }

  async #opened(
    encrypted: string,
    context: string,
    { walletId }: Asking['principal'],
  ): Promise<{ bytes: Buffer; keyId: string }> {
    const [, id = '', text = ''] = FORM.exec(encrypted) ?? [];
    const sealed = Buffer.from(text, 'base64url');
    if (text === '' || sealed.toString('base64url') !== text)
      throw new AppError('invalid_input', 'Cannot decrypt: this is not what encrypt_data gave, or not all of it');
    const { keyId, key } = await this.keys.byId(id, walletId);
    const bytes = unseal(sealed, aboutOf(keyId, context), key);
    if (bytes === undefined)
      throw new AppError(
        'conflict',
        'Cannot decrypt: it was encrypted for another wallet or context, or was altered. Use the same context, and the wallet that encrypted it.',
      );
    return { bytes, keyId };
  }
}

const aboutOf = (keyId: string, context: string): string => JSON.stringify(['labmesh data', keyId, context]);

function bytesOf(data: string, encoding: 'utf8' | 'base64'): Buffer {
  const bytes = Buffer.from(data, encoding);
  if (bytes.toString(encoding) !== data)
    throw new AppError(
      'invalid_input',
      encoding === 'base64'
        ? 'Cannot encrypt: "data" is not base64. Leave "encoding" out for a text.'
        : 'Cannot encrypt: "data" holds half a character (a lone surrogate)',
    );
  return bytes;
}

function textOf(bytes: Buffer, encoding: 'utf8' | 'base64'): string {
  const text = bytes.toString(encoding);
  if (!Buffer.from(text, encoding).equals(bytes))
    throw new AppError('invalid_input', 'Cannot give this as text: it is bytes. Ask for it with encoding "base64".');
  return text;
}
