import { describe, expect, it } from 'vitest';
import {
  aboveWords,
  changeWords,
  factorWords,
  groupName,
  isOpenPage,
  lasted,
  standing,
  standingSentence,
} from './incident-words.js';
import { someIncident } from '../../test-support/some-incident.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');

describe('an incident in words', () => {
  it.each([
    [{ feature: 'search' }, 'search'],
    [{ agent: 'helper' }, 'agent helper'],
    [{ feature: 'search', tenant: 'acme' }, 'search, tenant acme'],
    [{}, 'Unattributed calls'],
  ])('names the group %j', (group: Record<string, string>, name) => {
    expect(groupName(group)).toBe(name);
  });

  it('names all calls where a budget is for all of them', () => {
    expect(groupName({}, 'budget_pace')).toBe('All calls');
    expect(groupName({ user: 'u_1' }, 'budget_pace')).toBe('user u_1');
  });

  it('says what changed, also where there was nothing before', () => {
    const change = { at: '2026-11-23T10:00:00.000Z', share: 1, to: 'v7' };
    expect(changeWords({ ...change, dimension: 'template_version', from: 'v6' })).toBe(
      'template v6 → v7',
    );
    expect(changeWords({ ...change, dimension: 'release', from: null })).toBe('release v7 is new');
  });

  it('gives factors two decimals until they are large', () => {
    expect([factorWords(2.137), factorWords(14.2)]).toEqual(['2.14 ×', '14 ×']);
  });

  it('tells a muted one from an open one until the mute is over', () => {
    const muted = someIncident({ muted_until: '2026-11-23T13:30:00.000Z' });
    expect(standing(muted, now).text).toBe('Muted until 13:30');
    expect(isOpenPage(muted, now)).toBe(false);
    expect(standing(muted, now + 7_200_000).text).toBe('Open');
    expect(isOpenPage(muted, now + 7_200_000)).toBe(true);
  });

  it('says what it costs above normal an hour, and so far where it costs nothing more', () => {
    expect(aboveWords(someIncident({}).size!)).toBe('$0.50 an hour above normal');
    expect(aboveWords(someIncident({ above: '0' }).size!)).toBe('$1.00 above normal so far');
  });

  it('says how long it lasted', () => {
    const over = { since: '2026-11-23T06:00:00.000Z', resolved_at: '2026-11-23T11:10:00.000Z' };
    expect(lasted(someIncident(over))).toBe('5 h 10 min');
    expect(lasted(someIncident({}))).toBe('–');
  });
});

describe('how things stand', () => {
  it('adds up exactly what is above normal of those that are open', () => {
    const active = [
      someIncident({ id: 'a', above: '0.10' }),
      someIncident({ id: 'b', above: '0.20' }),
      someIncident({ id: 'c', severity: 'record', size: null }),
      someIncident({ id: 'd', state: 'acknowledged', above: '5' }),
      someIncident({ id: 'e', muted_until: '2026-11-24T00:00:00.000Z', above: '5' }),
    ];
    expect(standingSentence(active, now)).toBe(
      '2 pages and 1 record are open, together $0.30 an hour above normal. 2 incidents are acknowledged or muted.',
    );
  });

  it('does not take what costs less than normal off the sum', () => {
    const active = [
      someIncident({ id: 'a', above: '0.5' }),
      someIncident({ id: 'b', above: '-3' }),
    ];
    expect(standingSentence(active, now)).toContain('$0.50 an hour');
  });

  it('is calm where all is taken, or nothing is there', () => {
    expect(standingSentence([], now)).toBe('None is open.');
    expect(standingSentence([someIncident({ state: 'acknowledged' })], now)).toBe(
      'Nothing new: 1 incident is acknowledged or muted.',
    );
  });
});
