import { Farthing, memorySink } from '@farthing/sdk';
import { redisBalances } from '@farthing/sdk/redis';

/** An application that nothing keeps but its calls: a budget of five in Redis, and no farewell to it. */
const [url = '', provider = ''] = process.argv.slice(2);
const balances = await redisBalances({ url });
const budgets = [{ name: 'few', limit: { calls: 5 }, window: 'total', hold: 'bound' }];
const fetch = new Farthing({ sinks: [memorySink()], budgets, balances }).meterFetch({
  provider: 'openai',
});
for (let call = 0; call < 3; call++) {
  const response = await fetch(`${provider}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-app', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'x' }] }),
  });
  await response.text();
  process.stdout.write(`${response.status} `);
}
