import { describe, expect, it } from 'vitest';
import { newFollowed, type Followed } from './followed-incident.js';
import { FollowedIncidents } from './followed-incidents.js';
import type { IncidentSeverity, IncidentState } from './incident.js';
import { noon } from './traffic.fixture.js';

interface Shape {
  group: string;
  state?: IncidentState;
  severity?: IncidentSeverity;
  seen?: number;
}

function followed({ group, state = 'open', severity = 'page', seen = noon }: Shape): Followed {
  const known = newFollowed(
    {
      cause: 'output',
      mode: 'page',
      rule: null,
      run: null,
      template: null,
      at: seen,
      since: seen,
      factor: 2,
      calls: 30,
      title: 'output per call is 2.0 times what it was',
      text: 'Output per call is 2.0 times what it was.',
    },
    { key: group, group: { feature: group }, provider: 'openai', model: 'gpt-5', call: null },
    null,
    null,
    noon,
  );
  known.incident.state = state;
  known.incident.severity = severity;
  return known;
}

describe('the incidents that are followed', () => {
  it('are found by their own groups and by those that joined, until they are dropped', () => {
    const all = new FollowedIncidents();
    const one = followed({ group: 'search' });
    all.add(one);
    all.addMember(one, 'chat');
    expect(all.costOf('search')).toBe(one);
    expect([...all.ofGroup('chat')]).toEqual([one]);
    expect(all.find(one.incident.id)).toBe(one);
    all.delete(one);
    expect([...all.ofGroup('chat'), ...all.ofGroup('search'), ...all]).toEqual([]);
    expect(() => all.find(one.incident.id)).toThrow(/There is no incident inc_/);
  });

  it('what is resolved is about cost no more, unless it was put aside while it went on', () => {
    const all = new FollowedIncidents();
    const one = followed({ group: 'search', state: 'resolved' });
    all.add(one);
    expect(all.costOf('search')).toBeUndefined();
    one.dismissed = true;
    expect(all.costOf('search')).toBe(one);
  });

  it.each([
    ['what is resolved', { group: 'a', state: 'resolved' as const }],
    ['then records', { group: 'a', severity: 'record' as const }],
  ])('make room for others by dropping %s', (_what, shape) => {
    const all = new FollowedIncidents();
    const least = followed(shape);
    all.add(least);
    for (let index = 1; index < 1_000; index++) {
      expect(all.makeRoom()).toBe(true);
      all.add(followed({ group: `feature-${index}`, seen: noon - index }));
    }
    expect(all.makeRoom()).toBe(true);
    expect(all.get(least.key)).toBeUndefined();
    expect([...all]).toHaveLength(999);
  });

  it('pages that are open are never dropped', () => {
    const all = new FollowedIncidents();
    for (let index = 0; index < 1_000; index++) all.add(followed({ group: `feature-${index}` }));
    expect(all.makeRoom()).toBe(false);
    expect([...all]).toHaveLength(1_000);
  });
});
