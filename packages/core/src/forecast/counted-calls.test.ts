import { expect, test } from 'vitest';
import { callOf, entryOf } from '../admission/decider.fixture.js';
import { isCounted } from '../admission/taken-amounts.js';
import { countedBy } from './counted-calls.js';

test('an outlook looks at the calls that the budget counts, and at no others', () => {
  const [bySource] = countedBy([{}]);
  for (const source of ['gateway', 'sdk', 'demo', 'otlp', 'import:aider']) {
    const counts = isCounted({ ...entryOf(callOf(), 1n), source });
    expect(bySource?.values.includes(source), source).toBe(counts);
  }
});
