const marker = Symbol.for('farthing.error');

/**
 * Base of every error that Farthing raises on purpose. `code` is stable and meant for programs,
 * `message` names the field and the fix and is meant for people.
 */
export class FarthingError extends Error {
  readonly code: string;
  /** Recognised across duplicate installs of this package, where `instanceof` fails. */
  readonly [marker] = true;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FarthingError';
    this.code = code;
  }

  static isInstance(value: unknown): value is FarthingError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
