// The lab's language models: which there are, where, and with what key. A key is sealed by the Sentinel before it is kept, opened for
// one request, and told to nobody: it goes to the place that it was set for and no other.
import type { Bus } from '@labmesh/bus';
import { AppError, type librarian, type Principal, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { askSentinel } from '@labmesh/identity';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { type ModelSettings, ModelsRepository, type StoredModel } from './models.repository.js';

type Tools = (typeof librarian)['tools'];

/** What is needed to ask one. */
export interface OpenModel extends ModelSettings {
  readonly key: string | undefined;
}

const OWN_URL = { openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com/v1' } as const;

/** It opens for the same model at the same place alone. */
const purposeOf = ({ name, kind, baseUrl }: Pick<ModelSettings, 'name' | 'kind' | 'baseUrl'>): string =>
  `librarian model key ${name} ${kind} ${new URL(baseUrl).origin}`.slice(0, 200);

@Injectable()
export class Models {
  constructor(
    @Inject(ModelsRepository) private readonly repository: ModelsRepository,
    @Inject(BUS) private readonly bus: Pick<Bus, 'request'>,
  ) {}

  /** @throws AppError invalid_input, conflict for a key that would go elsewhere than it was set for, quota_exceeded */
  async set(input: ToolInput<Tools['set_model']>, { walletId }: Principal): Promise<ToolOutput<Tools['set_model']>> {
    const { key, isDefault, baseUrl, ...rest } = input;
    const settings = { ...rest, baseUrl: plainUrl(baseUrl ?? OWN_URL[input.kind]) };
    if (settings.answerTokens >= settings.contextTokens)
      throw new AppError(
        'invalid_input',
        'Cannot set the model: answerTokens must be fewer than contextTokens, which a question takes its part of.',
      );
    const sealed =
      key === undefined ? await this.#keptKey(settings) : key === null ? null : await this.#seal(settings, key);
    const isIt = await this.repository.put(settings, sealed, { setBy: walletId, isDefault });
    return { name: settings.name, isDefault: isIt, key: sealed === null ? 'none' : 'set' };
  }

  async list({ permissions }: Pick<Principal, 'permissions'>): Promise<ToolOutput<Tools['list_models']>> {
    const operates = permissions.includes('model:operate');
    return {
      models: (await this.repository.all()).map(({ name, isDefault, tools, sealedKey, setAt, ...settings }) => ({
        name,
        isDefault,
        tools,
        ...(operates
          ? {
              settings: {
                ...settings,
                key: sealedKey === null ? ('none' as const) : ('set' as const),
                setAt: setAt.toISOString(),
              },
            }
          : {}),
      })),
    };
  }

  /** @throws AppError not_found */
  async remove(name: string): Promise<{ name: string }> {
    if (await this.repository.remove(name)) return { name };
    throw noModel(name);
  }

  /** @throws AppError not_found */
  async assertKnown(name: string): Promise<void> {
    if ((await this.repository.find(name)) === undefined) throw noModel(name);
  }

  /** @throws AppError not_found, conflict where none is set, unavailable when the Sentinel does not answer */
  async open(name: string | undefined): Promise<OpenModel> {
    const found = name === undefined ? await this.repository.default() : await this.repository.find(name);
    if (found === undefined) throw name === undefined ? noneSet() : noModel(name);
    return { ...found, key: await this.#opened(found) };
  }

  async #opened(found: StoredModel): Promise<string | undefined> {
    if (found.sealedKey === null) return undefined;
    const asked = { sealed: found.sealedKey, purpose: purposeOf(found) };
    return (await askSentinel(this.bus, 'open_secret', asked)).secret;
  }

  async #seal(settings: ModelSettings, key: string): Promise<string> {
    if (!/^[\x21-\x7e]+$/.test(key))
      throw new AppError(
        'invalid_input',
        'Cannot keep this key: it must be letters, digits and signs, without spaces.',
      );
    return (await askSentinel(this.bus, 'seal_secret', { secret: key, purpose: purposeOf(settings) })).sealed;
  }

  async #keptKey(settings: ModelSettings): Promise<string | null> {
    const before = await this.repository.find(settings.name);
    if (before === undefined || before.sealedKey === null) return null;
    if (purposeOf(before) === purposeOf(settings)) return before.sealedKey;
    throw new AppError(
      'conflict',
      `Cannot set ${settings.name}: its key was set for ${new URL(before.baseUrl).origin}, and is not sent elsewhere. Give the key of the new place, or null for none.`,
    );
  }
}

/** @throws AppError invalid_input for an address with more in it than a place */
function plainUrl(text: string): string {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new AppError(
      'invalid_input',
      'Cannot use this address: it must have no name, password, query or fragment in it. Give the key as key.',
    );
  return url.href.replace(/\/+$/, '');
}

const noModel = (name: string): AppError =>
  new AppError('not_found', `Cannot find the model ${name}: list_models has those that there are.`);

const noneSet = (): AppError =>
  new AppError(
    'conflict',
    'Cannot ask a model: the lab has none. The operator connects one: npx @labmesh/cli model add. Without one, query_knowledge_base answers from the documents.',
  );
