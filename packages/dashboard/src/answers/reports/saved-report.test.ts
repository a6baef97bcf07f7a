import { expect, it } from 'vitest';
import { defaultView, type View } from '../../view/view.js';
import { parametersOf, viewOf } from './saved-report.js';

it('a view that is saved as a report opens as it was', () => {
  const view: View = {
    ...defaultView,
    window: { kind: 'preset', preset: '7d' },
    group: 'model',
    filters: [
      { dimension: 'feature', op: 'in', values: ['chat', null] },
      { dimension: 'provider', op: 'not_in', values: ['openai'] },
    ],
  };
  expect(parametersOf(view)).toEqual({
    by: 'model',
    since: '7d',
    filter: ['feature:chat,', 'provider!:openai'],
    compare: 'previous',
  });
  expect(viewOf({ parameters: parametersOf(view) })).toEqual(view);
});

it('fixed times stay fixed', () => {
  const window = {
    kind: 'custom' as const,
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  };
  expect(viewOf({ parameters: parametersOf({ ...defaultView, window }) }).window).toEqual(window);
});

it('what a command line saved opens as far as the overview can show it', () => {
  const parameters = {
    by: 'feature, model',
    since: '90d',
    filter: 'tag:team=a',
    measures: 'calls',
  };
  expect(viewOf({ parameters })).toEqual({
    ...defaultView,
    filters: [{ dimension: 'tag:team', op: 'in', values: ['a'] }],
  });
});
