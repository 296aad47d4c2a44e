// A model's provider as one interface, whatever it speaks on the wire. Everything is said here that a library would otherwise read
// from the environment, and no redirect is followed: a key goes to its own place alone.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import type { OpenModel } from './models.js';

const straight: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' });

export function providerOf({ kind, model, baseUrl, key }: OpenModel): LanguageModelV3 {
  switch (kind) {
    case 'anthropic':
      return createAnthropic({ baseURL: baseUrl, apiKey: key ?? '', fetch: straight }).languageModel(model);
    case 'openai':
      return createOpenAICompatible({
        name: 'openai',
        baseURL: baseUrl,
        ...(key === undefined ? {} : { apiKey: key }),
        fetch: straight,
        includeUsage: true,
      }).chatModel(model);
  }
}
