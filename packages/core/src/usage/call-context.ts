/**
 * Facts about a call that its answer does not carry but its price may depend on. All optional: a
 * normaliser or the price book that needs one says so in its reason. Same shape (snake_case) on the
 * wire, e.g. in `farthing price --jsonl`.
 */
export interface CallContext {
  /** The call ran in a provider's batch API. */
  batch?: boolean;
  /** Host or endpoint family that served the call: `eu.api.openai.com`, `vertex`. */
  endpoint?: string;
  /** Cloud location: `global`, `europe-west1`. */
  location?: string;
  /** Azure: `GlobalStandard`, `DataZoneStandard`, `Standard`, `ProvisionedManaged`. */
  deployment_type?: string;
  /** Values of the `anthropic-beta` request header. */
  anthropic_beta?: readonly string[];
  /** Length of the audio that was sent, where the answer does not state it. */
  audio_seconds?: number;
  /** GPU time of a self-hosted model. */
  gpu_seconds?: number;
  /** Fields of the request body that set a price. Never its text. */
  request?: RequestFacts;
}

export interface RequestFacts {
  service_tier?: string;
  size?: string;
  quality?: string;
  /** Number of images asked for. */
  n?: number;
  /** Length of the text to be spoken. */
  input_characters?: number;
}
