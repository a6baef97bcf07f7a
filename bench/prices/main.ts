import { cpus } from 'node:os';
import { compare, comparisonTable } from './compare.js';
import { readCorpus } from './corpus.js';
import { installPeers } from './peers.js';
import { measureSpeed, speedTable } from './speed.js';
import { loadTargets } from './targets/index.js';

// `npm run bench:prices [-- compare speed] [--cases]`: both parts, or those that are named.
const words = process.argv.slice(2);
const parts = words.filter((word) => !word.startsWith('--'));
const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
const cases = readCorpus();

if (wanted('compare')) {
  installPeers();
  const rows = await compare(cases, await loadTargets());
  console.log(`\nThe ${cases.length} cases of the usage corpus\n`);
  console.log(comparisonTable(rows, cases));
  if (words.includes('--cases')) {
    for (const { target, verdicts } of rows) {
      console.log(`\n${target.name} ${target.version}, ${target.fed}`);
      for (const { id, cost, tokens, said } of verdicts) {
        if (cost !== 'exact' || tokens === false) {
          console.log(`  ${id} ${cost}${tokens === false ? ', tokens differ' : ''}: ${said}`);
        }
      }
    }
  }
}

if (wanted('speed')) {
  const rounds = Number(process.env['FARTHING_BENCH_ROUNDS'] ?? 15);
  const figures = measureSpeed(cases, rounds);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  console.log(`\nReading and pricing one call: medians of quiet rounds, ${machine}\n`);
  console.log(speedTable(figures));
}
