// Every scripted campaign. They are written apart from what detects them, and import nothing of it.
import { BEHAVIOUR_CAMPAIGNS } from './behaviour-campaigns.js';
import type { Campaign } from './campaign.js';
import { CONTENT_CAMPAIGNS } from './content-campaigns.js';

export type { Campaign } from './campaign.js';
export const CAMPAIGNS: readonly Campaign[] = [...CONTENT_CAMPAIGNS, ...BEHAVIOUR_CAMPAIGNS];
