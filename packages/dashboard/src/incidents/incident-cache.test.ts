import type { Incident, IncidentList } from '@farthing/core';
import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { incidentKeys, takeIncident } from './incident-cache.js';
import { someIncident } from '../../test-support/some-incident.js';

function clientWith(active: Incident[], resolved: Incident[] = []) {
  const client = new QueryClient();
  client.setQueryData<IncidentList>(incidentKeys.active, { incidents: active, open: 0 });
  client.setQueryData<IncidentList>(incidentKeys.resolved, { incidents: resolved, open: 0 });
  const versions = (key: readonly unknown[]) =>
    client.getQueryData<IncidentList>(key)!.incidents.map(({ id, version }) => `${id}:${version}`);
  return {
    client,
    active: () => versions(incidentKeys.active),
    resolved: () => versions(incidentKeys.resolved),
  };
}

it('puts a changed incident in the place of what it was, and a new one beside it', () => {
  const { client, active } = clientWith([someIncident({ id: 'a' }), someIncident({ id: 'b' })]);
  takeIncident(client, someIncident({ id: 'b', version: 2 }));
  takeIncident(client, someIncident({ id: 'c' }));
  expect(active().toSorted()).toEqual(['a:1', 'b:2', 'c:1']);
});

it('moves what is resolved, and back when it opens again', () => {
  const { client, active, resolved } = clientWith([someIncident({ id: 'a' })]);
  takeIncident(client, someIncident({ id: 'a', version: 2, state: 'resolved' }));
  expect([active(), resolved()]).toEqual([[], ['a:2']]);
  takeIncident(client, someIncident({ id: 'a', version: 3 }));
  expect([active(), resolved()]).toEqual([['a:3'], []]);
});

it('does not go back to an older version that comes late', () => {
  const { client, active } = clientWith([someIncident({ id: 'a', version: 5 })]);
  takeIncident(client, someIncident({ id: 'a', version: 4, state: 'acknowledged' }));
  expect(active()).toEqual(['a:5']);
});

it('makes up no list that was not asked for', () => {
  const client = new QueryClient();
  takeIncident(client, someIncident({ id: 'a' }));
  expect(client.getQueryData(incidentKeys.active)).toBeUndefined();
  expect(client.getQueryData<Incident>(incidentKeys.one('a'))?.id).toBe('a');
});
