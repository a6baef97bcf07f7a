import { measureGateways } from './gateway.js';
import { measureCalls } from './micro.js';
import { stress } from './stress.js';

/** Without names: all of them. */
const parts = {
  micro: () => measureCalls(),
  gateway: () => measureGateways(),
  stress: () => stress(),
};
const known = Object.keys(parts);
const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? known : asked) {
  if (!(name in parts)) throw new Error(`"${name}" is none of ${known.join(', ')}`);
  const figures = await parts[name as keyof typeof parts]();
  process.stdout.write(
    `${name}: ${figures === null ? 'needs redis-server (Debian: redis-server)' : JSON.stringify(figures, null, 2)}\n`,
  );
}
