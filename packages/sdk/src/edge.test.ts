import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));

/** What a file needs when it runs: types are gone by then. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm)].map(
    ([, from]) => from!,
  );
}

/** Everything outside of this package that an entry loads. */
function loadedBy(entry: string): Set<string> {
  const outside = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const from of imports(file)) {
      if (!from.startsWith('.')) outside.add(from);
      else visit(join(dirname(file), from.replace(/\.js$/, '.ts')));
    }
  };
  visit(join(here, entry));
  expect([...seen].every(existsSync)).toBe(true);
  return outside;
}

test.each([
  'index.ts',
  'integrations/ai.ts',
  'integrations/langchain.ts',
  'sinks/opentelemetry-sink.ts',
])('%s loads where there is no Node: it needs nothing but core', (entry) => {
  expect([...loadedBy(entry)].filter((from) => !from.startsWith('@farthing/core'))).toEqual([]);
});

test('the journal needs the journal’s package, and says so by its subpath', () => {
  expect(loadedBy('sinks/journal-sink.ts')).toContain('@farthing/journal');
});
