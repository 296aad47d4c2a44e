// What conversations are made of, for the Librarian's module.
import type { Provider } from '@nestjs/common';
import { AnswersRepository } from './answers.repository.js';
import { Conversations } from './conversations.js';
import { ConversationsRepository } from './conversations.repository.js';
import { ConversationExport } from './export.js';
import { MessagesRepository } from './messages.repository.js';

export const conversationProviders: Provider[] = [
  ConversationsRepository,
  MessagesRepository,
  AnswersRepository,
  Conversations,
  ConversationExport,
];
