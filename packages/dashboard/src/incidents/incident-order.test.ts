import { expect, it } from 'vitest';
import { byUrgency, chosen } from './incident-order.js';
import { someIncident } from '../../test-support/some-incident.js';

const ids = (incidents: readonly { id: string }[]) => incidents.map(({ id }) => id);
const any = { state: null, severity: null, filters: [] };

it('has what nobody has taken first, pages before records, then what costs most', () => {
  const incidents = [
    someIncident({ id: 'taken', state: 'acknowledged', above: '900' }),
    someIncident({ id: 'record', severity: 'record', above: '90' }),
    someIncident({ id: 'unknown', size: null }),
    someIncident({ id: 'cheap', above: '0.000000000001' }),
    someIncident({ id: 'dear', above: '10.5' }),
  ];
  expect(ids(byUrgency(incidents))).toEqual(['dear', 'cheap', 'unknown', 'record', 'taken']);
});

it('narrows to a state, a severity and a group', () => {
  const incidents = [
    someIncident({ id: 'search' }),
    someIncident({ id: 'chat', group: { feature: 'chat' }, severity: 'record' }),
    someIncident({ id: 'helper', group: { agent: 'helper' }, state: 'acknowledged' }),
  ];
  const filter = (dimension: 'feature' | 'agent' | 'model', value: string | null) => [
    { dimension, op: 'in' as const, values: [value] },
  ];
  expect(ids(chosen(incidents, { ...any, severity: 'record' }))).toEqual(['chat']);
  expect(ids(chosen(incidents, { ...any, state: 'acknowledged' }))).toEqual(['helper']);
  expect(ids(chosen(incidents, { ...any, filters: filter('feature', 'search') }))).toEqual([
    'search',
  ]);
  expect(ids(chosen(incidents, { ...any, filters: filter('feature', null) }))).toEqual(['helper']);
  expect(chosen(incidents, { ...any, filters: filter('model', 'gpt-5') })).toHaveLength(3);
});
