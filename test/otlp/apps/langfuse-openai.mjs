import { observeOpenAI } from '@langfuse/openai';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { createClient, makeCalls } from './openai-calls.mjs';
import { exporter, startTracing } from './tracing.mjs';

// Langfuse's own processor, exporting to where the environment says.
const processor = new LangfuseSpanProcessor({
  exporter: exporter(),
  publicKey: 'pk-test',
  secretKey: 'sk-test',
  environment: 'test',
  mediaUploadEnabled: false,
});
const provider = startTracing([processor]);
const client = observeOpenAI(createClient(), { userId: 'jane@example.com', sessionId: 's-1' });
await makeCalls(client, { cached: true, embeddings: false });
await provider.shutdown();
