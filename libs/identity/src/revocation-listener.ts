// Brings what the Sentinel withdrew to this process. It decides nothing.
import { REVOKED_SUBJECT } from '@labmesh/bus';
import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { RevokedCredentials } from './revoked-credentials.js';

const News = z.object({ tokenIds: z.array(z.string().max(100)) });

@Controller()
export class RevocationListener {
  constructor(@Inject(RevokedCredentials) private readonly revoked: RevokedCredentials) {}

  @EventPattern(REVOKED_SUBJECT, { queue: '' })
  withdrawn(@Payload() message: object): void {
    const news = News.safeParse(message);
    if (news.success) this.revoked.add(news.data.tokenIds);
  }
}
