// Three instrumentations of the same client at once, as large applications end up with.
import { observeOpenAI } from '@langfuse/openai';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { OpenAIInstrumentation as TraceloopInstrumentation } from '@traceloop/instrumentation-openai';
import OpenAI from 'openai';
import { createClient, makeCalls } from './openai-calls.mjs';
import { startTracing } from './tracing.mjs';

const provider = startTracing();
const official = new OpenAIInstrumentation();
official.setTracerProvider(provider);
official.setMeterProvider(new MeterProvider());
official.init()[0].patch({ OpenAI });
const traceloop = new TraceloopInstrumentation();
traceloop.setTracerProvider(provider);
traceloop.manuallyInstrument(OpenAI);
await makeCalls(observeOpenAI(createClient()), { cached: true });
await provider.shutdown();
