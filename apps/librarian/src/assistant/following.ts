// An answer that another call began: told as it comes, for whoever asks again for the same one. Going away stops nothing here.
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnswerPiece, AppError, type Call, type Message } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { AnswersRepository } from '../conversations/answers.repository.js';
import { messageOf, type Place, textOf } from '../conversations/message.js';
import { MessagesRepository } from '../conversations/messages.repository.js';

const LOOK_MS = 200;
/** Time to send an answer before the deadline. */
const ANSWER_MS = 1_000;

@Injectable()
export class Following {
  constructor(
    @Inject(MessagesRepository) private readonly messages: Pick<MessagesRepository, 'find'>,
    @Inject(AnswersRepository) private readonly answers: Pick<AnswersRepository, 'settle'>,
  ) {}

  /** Until its end, or the call's. @throws AppError not_found when it is gone, conflict for what is no answer */
  async *follow(
    place: Place,
    answerId: string,
    call: Pick<Call, 'deadline' | 'signal'>,
  ): AsyncGenerator<AnswerPiece, Message, void> {
    let at = 0;
    for (;;) {
      const message = await this.look(place, answerId);
      if (message.role !== 'assistant')
        throw new AppError('conflict', `Cannot write answer ${answerId}: a question has this id. Take a new one.`);
      const text = textOf(message.parts);
      if (message.state !== 'streaming' || call.signal.aborted || Date.now() > call.deadline - ANSWER_MS)
        return message;
      if (text.length > at) yield { messageId: answerId, doing: 'writing', at, text: text.slice(at) };
      at = text.length;
      await sleep(LOOK_MS);
    }
  }

  async look(place: Place, answerId: string): Promise<Message> {
    let row = await this.messages.find(place, answerId);
    if (row?.leftBehind === true) {
      await this.answers.settle(place);
      row = await this.messages.find(place, answerId);
    }
    if (row !== undefined) return messageOf(row);
    throw new AppError(
      'not_found',
      `Cannot find message ${answerId}: you have no such conversation, or it is not in it.`,
    );
  }
}
