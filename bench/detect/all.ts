import { runLoad } from './load/run.js';
import { runNab } from './nab/run.js';
import { runReal } from './real/run.js';

// npm run bench:detect: everything. With a name, that alone: `cost` (CostBench, whose own arguments follow, with
// or without its name), `nab [results]`, `real`, `load [groups]`.
const [chosen, argument] = process.argv.slice(2);
const isAll = chosen === undefined;

if (isAll || !['nab', 'real', 'load'].includes(chosen)) {
  if (chosen === 'cost') process.argv.splice(2, 1);
  await import('./run.js');
}
if (isAll || chosen === 'nab') runNab(argument);
if (isAll || chosen === 'real') runReal();
if (isAll || chosen === 'load') runLoad(argument === undefined ? undefined : Number(argument));
