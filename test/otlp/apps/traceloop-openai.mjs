import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import OpenAI from 'openai';
import { createClient, makeCalls } from './openai-calls.mjs';
import { startTracing } from './tracing.mjs';

const provider = startTracing();
const instrumentation = new OpenAIInstrumentation({ traceContent: true });
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(OpenAI);
await makeCalls(createClient(), { embeddings: false });
await provider.shutdown();
