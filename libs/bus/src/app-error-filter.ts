// Lets an AppError leave a Nest handler as its own shape; Nest alone would turn it into "Internal server error".
// Never lets the text of anything else out: that goes to the log.
import { AppError, errorShape } from '@labmesh/contracts';
import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';

/** Put it on every controller that answers on the bus: `@UseFilters(AppErrorFilter)`. */
@Catch()
export class AppErrorFilter implements RpcExceptionFilter {
  private readonly log = new Logger('Bus');

  catch(thrown: unknown): Observable<never> {
    const cause = thrown instanceof RpcException ? thrown.getError() : thrown;
    const shape = errorShape(cause);
    if (shape.code === 'internal' && !(cause instanceof AppError)) this.log.error(thrown);
    return throwError(() => shape);
  }
}
