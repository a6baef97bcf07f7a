/**
 * Which beginnings a prompt has in common with others, without a word of it: keyed fingerprints of the
 * prompt up to some of its natural boundaries (tools, instructions, messages), shortest first. Two calls
 * of one model with an equal fingerprint have equal prompts up to there, and a provider's prompt cache
 * could have served the later of them up to there.
 */
export interface PromptPrefixes {
  /** 48 bits each, base64url. Without the data directory's secret nobody can test what stands behind. */
  keys: string[];
  /** Input tokens up to each boundary: bytes, corrected to what the provider counted. */
  tokens: number[];
  /**
   * So many of the keys, the first ones, are the head: tools, instructions and the first message. The last
   * of them tells conversations apart.
   */
  head: number;
  /**
   * For how many conversations the keys behind the head stand: under load only some conversations are
   * followed beyond their heads. 0: this one is not. Absent: 1, all are.
   */
  calls?: number;
  /**
   * Tokens behind the first difference to the prompt before it (of the same feature, template version
   * and model) that were in that one, too: what would be read from a cache if it stood in front.
   * Absent: not compared.
   */
  repeated?: number;
}

/** Prefixes of fewer tokens are not kept, save the head: no provider's cache takes them. */
export const leastMarkedTokens = 512;
/** Requests of fewer tokens are not looked at: hardly any cache takes them, and there is little to save. */
export const leastPromptTokens = 1_024;
