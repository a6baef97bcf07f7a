import { buildDrift } from '../../drift/drift-report.js';
import type { ReviewScope, SectionAnswer } from '../section.js';
import { featureFilter, featureName } from './names.js';

const shown = 5;

/** Features whose calls no longer take what is expected of them, and whose dearest calls moved. */
export async function driftSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, window, filters } = scope;
  const { rows } = await buildDrift((query) => books.query(query), {
    by: ['feature'],
    window,
    filters,
  });
  const moved = rows.filter(({ verdict, p95 }) => verdict === 'biased' || p95.exceeds);
  if (moved.length === 0) return null;
  const biased = moved.filter(({ verdict }) => verdict === 'biased').length;
  const parts = [
    ...(biased === 0
      ? []
      : [`estimates of ${biased} ${biased === 1 ? 'feature' : 'features'} are off`]),
    ...(moved.length === biased ? [] : [`P95 of ${moved.length - biased} moved by more than 30 %`]),
  ];
  return {
    section: {
      id: 'drift',
      title: 'What drifted',
      summary: `${capital(parts.join('; '))}.`,
      points: moved.slice(0, shown).map(({ group, summary }) => ({
        text: `${featureName(group['feature'])}: ${summary}`,
        command: `farthing drift ${featureFilter(group['feature'])}`,
      })),
    },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
