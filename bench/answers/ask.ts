import { defaultPriceBook } from '../../packages/core/src/pricing/snapshot/index.js';
import { AnswerParameters, type AnswerSources } from '../../packages/server/src/answers/index.js';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { month } from '../ledger/traffic.js';
import { answersByName } from './answers-by-name.js';

// One question in a process of its own: asked once to warm the database's cache, then five times.
const repetitions = 5;
const [directory = '', name = '', parameters = '{}'] = process.argv.slice(2);
const answer = answersByName.get(name);
if (answer === undefined) throw new Error(`There is no answer "${name}".`);

const now = new Date(month.to);
const store = await openDuckDbStore({ directory, readOnly: true });
const sources: AnswerSources = {
  books: store,
  prices: async () => defaultPriceBook(),
  budgets: async () => undefined,
  dataDirectory: directory,
  now: () => now,
};
const texts = JSON.parse(parameters) as Record<string, string>;
const request = answer.read(new AnswerParameters(answer.parameters, texts, now));
const milliseconds: number[] = [];
const cpuMilliseconds: number[] = [];
let result: unknown;
for (let round = 0; round <= repetitions; round++) {
  const began = performance.now();
  const before = process.cpuUsage();
  result = await answer.build(sources, request);
  if (round === 0) continue;
  const { user, system } = process.cpuUsage(before);
  milliseconds.push(performance.now() - began);
  cpuMilliseconds.push((user + system) / 1000);
}
await store.close();
const peakBytes = process.resourceUsage().maxRSS * 1024;
const answerBytes = JSON.stringify(result).length;
process.stdout.write(JSON.stringify({ milliseconds, cpuMilliseconds, peakBytes, answerBytes }));
