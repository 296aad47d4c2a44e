// Brings to this process which keys the Sentinel publishes. It believes no key that comes so: it has them read anew.
import { KEYS_SUBJECT } from '@labmesh/bus';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { KeySet } from './key-set.js';

const News = z.object({ keyIds: z.array(z.string().max(100)).max(100), leaked: z.boolean() });

@Controller()
export class KeysListener {
  constructor(@Inject(KeySet) private readonly keys: KeySet) {}

  @EventPattern(KEYS_SUBJECT, { queue: '' })
  published(@Payload() message: object): void {
    const news = News.safeParse(message);
    if (news.success) this.keys.heard(news.data.keyIds, news.data.leaked);
  }
}
