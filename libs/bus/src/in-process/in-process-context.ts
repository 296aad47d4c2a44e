// What a handler sees of an in-process message besides its payload: the counterpart of Nest's NatsContext.
import { BaseRpcContext } from '@nestjs/microservices';

export class InProcessContext extends BaseRpcContext<[string, Readonly<Record<string, string>>]> {
  getSubject(): string {
    return this.args[0];
  }

  getHeaders(): Readonly<Record<string, string>> {
    return this.args[1];
  }
}
