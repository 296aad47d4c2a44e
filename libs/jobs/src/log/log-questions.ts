// The Nest side of a worker's logs: who reads a log that is open asks the worker that writes it.
import { AppErrorFilter, workerSubject } from '@labmesh/bus';
import { AppError } from '@labmesh/contracts';
import { Controller, Inject, type Type, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { JobLogs, type LogAnswer, LogQuestion } from './job-logs.js';

/** Put it among the controllers of the worker's module, where JobLogs is provided. @param workerId as in the worker's row */
export function logQuestionsController(workerId: string): Type {
  @Controller()
  @UseFilters(AppErrorFilter)
  class LogQuestionsController {
    constructor(@Inject(JobLogs) private readonly logs: JobLogs) {}

    @MessagePattern(workerSubject(workerId), { queue: '' })
    asked(@Payload() question: unknown): Promise<LogAnswer> {
      const { data } = LogQuestion.safeParse(question);
      if (data === undefined) throw new AppError('invalid_input', 'Cannot answer: this is no question about a log');
      return this.logs.answer(data);
    }
  }
  return LogQuestionsController;
}
