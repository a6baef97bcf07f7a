import { stress } from './stress.js';

const figures = await stress();
if (figures === null)
  process.stdout.write('The stress needs redis-server (Debian: redis-server).\n');
else process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
