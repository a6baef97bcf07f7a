// Pushes notices of new incidents until it is killed, and says the key of each that counts as taken.
import { openNoticeQueue } from '../../packages/server/dist/alerts/sinks/index.js';

const [dataDirectory, url, first, count] = process.argv.slice(2);
const quiet = { info: () => {}, warn: () => {} };
const queue = await openNoticeQueue({
  configs: [{ name: 'hook', type: 'webhook', url, severity: ['page'] }],
  dataDirectory,
  log: quiet,
  now: () => new Date(),
  dashboardUrl: null,
});
const incident = (id, version, state) => ({
  id,
  version,
  state,
  severity: 'page',
  muted_until: null,
  group: {},
  cause: 'cost',
  title: `version ${version}`,
});
for (let number = 0; number < Number(count); number++) {
  const id = `inc_${first}_${number}`;
  const at = new Date().toISOString();
  await queue.push({ what: 'opened', at, incident: incident(id, 1, 'open') });
  process.stdout.write(`${id}:1\n`);
  await queue.push({ what: 'resolved', at, incident: incident(id, 2, 'resolved') });
  process.stdout.write(`${id}:2\n`);
}
setInterval(() => queue.statuses(), 1_000);
