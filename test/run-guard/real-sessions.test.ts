import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { RepeatFinder, RunGuard } from '@farthing/core';
import { expect, test } from 'vitest';
import { JsonBytes } from '../../packages/server/src/gateway/scan-json.js';
import { readRequestFacts } from '../../packages/server/src/gateway/request-facts.js';
import { turnHash } from '../../packages/server/src/gateway/turn-hash.js';

/** Sessions of agents as they were recorded; they lie beside the repository and are no part of it. */
const folder = new URL('../../../shared/data/lmcache-agent-trace/miniswe/', import.meta.url);
const present = existsSync(folder);

interface Session {
  id: string;
  outputs: string[];
}

const sessions: Session[] = present
  ? readdirSync(folder).flatMap((file) => {
      const lines = readFileSync(new URL(file, folder), 'utf8').split('\n').filter(Boolean);
      const outputs = lines.map((line) => String((JSON.parse(line) as { output: unknown }).output));
      return outputs.length === 0 ? [] : [{ id: file, outputs }];
    })
  : [];

/** The call at which the session is stopped, counted from 1; null where it is not. */
function stoppedAt({ id, outputs }: Session): number | null {
  const finder = new RepeatFinder(turnHash(Buffer.from('a secret')));
  const guard = new RunGuard();
  const messages: object[] = [{ role: 'user', content: 'Solve the issue.' }];
  for (const [index, output] of outputs.entries()) {
    const body = Buffer.from(JSON.stringify({ model: 'gpt-4.1', messages }));
    const list = readRequestFacts(body).scanned!.values.get('messages')!;
    const repeated = (finder.repeats(id, new JsonBytes(body), list) ?? 0) > 0;
    const alarm = guard.observe({ at: index * 10_000, run: id, cost: 0.01, repeated });
    if (alarm !== null) return index + 1;
    messages.push({ role: 'assistant', content: output }, { role: 'user', content: 'Done.' });
  }
  return null;
}

/** Two of these agents got caught themselves: of their last ten answers eight say what was said before. */
function endsInLoop({ outputs }: Session): boolean {
  const said = outputs.map((output) => output.replaceAll(/\d+/g, '#'));
  const repeated = said.filter(
    (text, index) =>
      said.slice(Math.max(0, index - 10), index).includes(text) && index >= said.length - 10,
  );
  return repeated.length >= 8;
}

test.skipIf(!present)('no session of an agent that works as it should is stopped', () => {
  const healthy = sessions.filter((session) => !endsInLoop(session));
  expect(healthy.length).toBeGreaterThanOrEqual(sessions.length - 2);
  expect(healthy.map(stoppedAt)).toEqual(healthy.map(() => null));
});

test.skipIf(!present)(
  'a session that loops is stopped within three turns of being provable',
  () => {
    const late = sessions.flatMap(({ id, outputs }) => {
      const half = outputs.slice(0, Math.ceil(outputs.length / 2));
      const last = half.findLast((output) => output.length > 20);
      if (last === undefined) return [];
      const loop = Array.from({ length: 20 }, (_, index) =>
        last.replaceAll(/\d/g, String(index % 10)),
      );
      const stopped = stoppedAt({ id, outputs: [...half, ...loop] });
      // Six repetitions: the sixth turn of the loop, which says for the sixth time what was said before it.
      return [stopped === null ? Number.POSITIVE_INFINITY : stopped - (half.length + 6)];
    });
    expect(late.length).toBeGreaterThan(10);
    expect(Math.max(...late)).toBeLessThanOrEqual(3);
  },
);
