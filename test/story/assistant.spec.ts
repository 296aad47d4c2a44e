// Conversations and the assistant in one process.
import { operatedLab } from '../harness/shared-lab.js';
import { assistantStory } from './assistant.story.js';
import { conversationStory } from './conversations.story.js';

const shared = operatedLab();

conversationStory(() => shared);
assistantStory(() => shared);
