import { buildFrame } from '../../answer/frame.js';
import { displayUsd } from '../../whatif/display-usd.js';
import type { ReviewPoint, ReviewScope, SectionAnswer } from '../section.js';

/** What the books do not know: calls without a price, calls of nobody. */
export async function gapsSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, window, filters, now } = scope;
  const { unpriced, unattributed } = await buildFrame(books, { window, filters, now });
  const points: ReviewPoint[] = [];
  if (unpriced.calls > 0) {
    points.push({
      text: `${unpriced.calls.toLocaleString('en-US')} calls have no price (${percent(unpriced.share)} of the calls): they are in no sum here.`,
      command: 'farthing prices missing',
    });
  }
  if (unattributed.calls > 0) {
    const usd = unattributed.cost_usd === null ? '' : `, ${displayUsd(unattributed.cost_usd)}`;
    points.push({
      text: `${unattributed.calls.toLocaleString('en-US')} calls carry no feature${usd} (${percent(unattributed.share)} of the cost).`,
      command: 'farthing untagged',
    });
  }
  if (points.length === 0) return null;
  return {
    section: {
      id: 'gaps',
      title: 'Unpriced and unattributed',
      summary: points.map(({ text }) => text).join(' '),
      points,
    },
  };
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}
