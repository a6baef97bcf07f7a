import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface AppSettings {
  /** Where model calls go: a provider, or a gateway before it. */
  providerUrl: string;
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  endpoint: string;
  /** `service.name` of its spans; the app's own name when left out. */
  service?: string;
  /** Leave the spans of this instrumentation library out. */
  withoutScope?: string;
  encoding?: 'protobuf' | 'json';
  compression?: 'gzip' | 'none';
  /** How often it makes its calls; they then leave in small batches, and a batch that fails is sent again. */
  rounds?: number;
}

/** Runs one of the instrumented applications to its end, in a process of its own. */
export async function runApp(name: string, settings: AppSettings): Promise<void> {
  const script = fileURLToPath(new URL(`apps/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      APP_NAME: settings.service ?? name,
      WITHOUT_SCOPE: settings.withoutScope ?? '',
      ROUNDS: String(settings.rounds ?? ''),
      PROVIDER_URL: settings.providerUrl,
      OTLP_ENCODING: settings.encoding ?? 'protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: settings.endpoint,
      OTEL_EXPORTER_OTLP_COMPRESSION: settings.compression ?? 'none',
      // Say what the exporters stumble over.
      OTEL_LOG_LEVEL: settings.rounds === undefined ? 'error' : 'none',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
}
