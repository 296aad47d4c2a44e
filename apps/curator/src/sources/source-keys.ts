// Keys of sources: sealed by the Sentinel before they are stored, opened for a request and held no longer than that.
import type { Bus } from '@labmesh/bus';
import { AppError } from '@labmesh/contracts';
import { askSentinel } from '@labmesh/identity';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Manifest } from './manifest.js';
import { SourcesRepository } from './sources.repository.js';

const KEY_CHARS_MAX = 4_096;
const purposeOf = (name: string): string => `curator source key ${name}`;

@Injectable()
export class SourceKeys {
  constructor(
    @Inject(SourcesRepository) private readonly repository: SourcesRepository,
    @Inject(BUS) private readonly bus: Pick<Bus, 'request'>,
  ) {}

  /** @throws AppError invalid_input for a source without keys, or a text that is none */
  async set(manifest: Manifest, key: string, setBy: string): Promise<string> {
    const name = keyNameOf(manifest);
    if (!/^[\x21-\x7e]+$/.test(key) || key.length > KEY_CHARS_MAX)
      throw new AppError(
        'invalid_input',
        'Cannot keep this key: it must be letters, digits and signs, without spaces.',
      );
    const { sealed } = await askSentinel(this.bus, 'seal_secret', { secret: key, purpose: purposeOf(name) });
    await this.repository.putKey(name, sealed, setBy);
    return name;
  }

  /** @throws AppError not_found when none was set */
  async remove(manifest: Manifest): Promise<string> {
    const name = keyNameOf(manifest);
    if (await this.repository.dropKey(name)) return name;
    throw new AppError('not_found', `Cannot remove the key of ${manifest.name}: none is set.`);
  }

  /**
   * The key to ask with; undefined where the source needs none.
   * @throws AppError conflict when one is needed and none is set, unavailable when the Sentinel does not answer
   */
  async of(manifest: Manifest): Promise<{ key: string | undefined; isDefault: boolean }> {
    const { auth } = manifest as {
      auth?: { key: string; default?: string | undefined; required?: boolean; obtain: string };
    };
    if (auth === undefined) return { key: undefined, isDefault: false };
    const sealed = await this.repository.sealedKey(auth.key);
    if (sealed !== undefined) {
      const { secret } = await askSentinel(this.bus, 'open_secret', { sealed, purpose: purposeOf(auth.key) });
      return { key: secret, isDefault: false };
    }
    if (auth.default !== undefined || auth.required === false) return { key: auth.default, isDefault: true };
    throw new AppError(
      'conflict',
      `Cannot ask ${manifest.name}: it wants a key, and none is set. Get one at ${auth.obtain}, and let the operator set it: npx @labmesh/cli source key ${manifest.name}`,
    );
  }
}

function keyNameOf(manifest: Manifest): string {
  const { auth } = manifest as { auth?: { key: string } };
  if (auth === undefined)
    throw new AppError(
      'invalid_input',
      `Cannot keep a key for ${manifest.name}: its manifest has no "auth", so it asks without one.`,
    );
  return auth.key;
}
