import { expect, test } from 'vitest';
import type { Review } from '../review.js';
import { renderReviewMarkdown } from './render-markdown.js';

const review = (words: string, command: string): Review => ({
  frame: {
    window: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' },
    filters: [],
    calls: 2,
    cost_usd: '1',
    unpriced: { calls: 0, share: 0 },
    unattributed: { calls: 0, cost_usd: '0', share: 0 },
    estimated: [],
    notes: [],
  },
  summary: words,
  window: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' },
  previous: { from: '2026-02-22T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' },
  sections: [{ id: 'spend', title: 'Spend', summary: words, points: [{ text: words, command }] }],
  actions: [],
});

test('what stands between backticks is code', () => {
  expect(renderReviewMarkdown(review('`a_b` has <b>', 'farthing explain'))).toContain(
    String.raw`- `.concat('`a_b` has ', String.raw`\<b\>`, ' `farthing explain`'),
  );
});

// A name of the form "`` <img>" between backticks opens three and closes one: to CommonMark that is no code.
test.each(['`` <img src=x> ', 'a`<img src=x>', '<img src=x>`', '` <img src=x> ``'])(
  'a name with backticks is no markup: %s',
  (name) => {
    const [, , summary = ''] = renderReviewMarkdown(review(`\`${name}\` grew`, 'x')).split('\n\n');
    const outside = summary.replaceAll(/\\[`<>]/g, '').replaceAll(/(?<!`)`[^`]+`(?!`)/g, '');
    expect(outside).not.toMatch(/[<`]/);
  },
);

test('a command with backticks and line breaks ends where it ends', () => {
  const markdown = renderReviewMarkdown(
    review('x', "farthing explain --filter 'feature=a` <img src=x>\nb'"),
  );
  expect(markdown).toContain("- x `` farthing explain --filter 'feature=a` <img src=x> b' ``");
});
