import type { ImportPorts } from '../ports.js';

/** What the user says about all calls of a source, and what its kind asks of the outside. */
export interface KindContext {
  /** Replaces the kind's own name in `import:<name>`. */
  name?: string;
  provider?: string;
  model?: string;
  tags: Readonly<Record<string, string>>;
  ports: ImportPorts;
}
