import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import OpenAI from 'openai';
import { createClient, makeCalls } from './openai-calls.mjs';
import { startTracing } from './tracing.mjs';

const provider = startTracing();
const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(OpenAI);
await makeCalls(createClient(), { cached: true });
await provider.shutdown();
