/**
 * npm run bench:detect: everything. With a name, that alone: `cost` (CostBench; its own arguments follow, as
 * they do without a name), `nab [results]`, `real`, `load [groups]`.
 */
const [name, argument] = process.argv.slice(2);
const isAll = name === undefined;

if (isAll || !['nab', 'real', 'load'].includes(name)) {
  if (name === 'cost') process.argv.splice(2, 1);
  await import('./run.js');
}
if (isAll || name === 'nab') (await import('./nab/run.js')).runNab(argument);
if (isAll || name === 'real') (await import('./real/run.js')).runReal();
if (isAll || name === 'load') {
  (await import('./load/run.js')).runLoad(argument === undefined ? undefined : Number(argument));
}
