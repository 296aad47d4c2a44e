// A model's provider as one interface, whatever it speaks on the wire. Everything is said here that a library would otherwise read
// from the environment, and no redirect is followed: a key goes to its own place alone.
import type { LanguageModelV3 } from '@ai-sdk/provider';
import type { OpenModel } from './models.js';

const straight: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' });

/** A provider's library is opened when it is first asked: most labs start without a model. */
export async function providerOf({ kind, model, baseUrl, key }: OpenModel): Promise<LanguageModelV3> {
  switch (kind) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL: baseUrl, apiKey: key ?? '', fetch: straight }).languageModel(model);
    }
    case 'openai': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        name: 'openai',
        baseURL: baseUrl,
        ...(key === undefined ? {} : { apiKey: key }),
        fetch: straight,
        includeUsage: true,
      }).chatModel(model);
    }
  }
}
