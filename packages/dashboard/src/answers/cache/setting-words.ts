import type { CacheReport, CacheSetting } from '@farthing/core';

/** What each setting does, in words. */
export const settingWords: Record<CacheSetting, string> = {
  none: 'No caching',
  '5m': 'Write for 5 minutes',
  '1h': 'Write for an hour',
  '5m_second_sighting': 'Write for 5 minutes what was seen before',
  stable_first: 'What stays the same first, 5 minutes',
};

type Flag = CacheReport['rows'][number]['flags'][number];

export const flagWords: Record<Flag, { words: string; title: string }> = {
  low_hit_ratio: {
    words: 'low hit ratio',
    title: 'Under 60%, on models whose cache takes prompts of this length',
  },
  unstable_prefix: {
    words: 'unstable beginning',
    title: 'Much of the prompt repeats, but behind something that changes with each call',
  },
  loses_money: { words: 'loses money', title: 'Writing cost more than reading saved' },
};
