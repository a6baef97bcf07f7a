// The thread's program from its source, for tests: Node runs TypeScript only where it is told how.
import { register } from 'tsx/esm/api';

register();
await import('./tokenizer-worker.ts');
