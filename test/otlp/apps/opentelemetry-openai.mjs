import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import OpenAI from 'openai';
import { createClient, makeCalls } from './openai-calls.mjs';
import { inRounds, startTracing } from './tracing.mjs';

const provider = startTracing();
const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true });
instrumentation.setTracerProvider(provider);
instrumentation.setMeterProvider(new MeterProvider());
// Loaders of ES modules are not patched without --import: wrap the module by hand, as the patch would.
instrumentation.init()[0].patch({ OpenAI });
await inRounds(() => makeCalls(createClient()));
await provider.shutdown();
