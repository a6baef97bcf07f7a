import type { MarginVerdict } from '@farthing/core';
import type { Tone } from '../../controls/badge.js';

export const verdictWords: Record<MarginVerdict, { words: string; tone: Tone; title: string }> = {
  loses: { words: 'loses', tone: 'bad', title: 'It costs more than it pays' },
  earns: { words: 'earns', tone: 'good', title: 'It pays more than it costs' },
  no_revenue: { words: 'no revenue', tone: 'warn', title: 'No revenue is known of it' },
  unused: { words: 'unused', tone: 'calm', title: 'It pays, and made no call' },
  unknown: { words: 'not known', tone: 'calm', title: 'None of its calls has a price' },
};
