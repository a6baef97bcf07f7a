/**
 * What of the AI SDK's specification a meter needs, in the versions 3 (AI SDK 6) and 4 (AI SDK 7), which
 * share it. The functions are generic, so that results pass through with the types that they came with,
 * and a middleware fits both versions without either package being installed.
 * https://github.com/vercel/ai/tree/main/packages/provider/src
 */
export type SpecificationVersion = 'v3' | 'v4';

/** What of an answer says what it used. */
export interface Reported {
  usage?: unknown;
  providerMetadata?: unknown;
  response?: { id?: string | undefined; modelId?: string | undefined } | undefined;
}

export interface EmbeddingReported {
  usage?: { tokens: number } | undefined;
}

/** A part of a streamed answer, as far as it is looked at. */
export interface StreamPart {
  type: string;
  delta?: string;
  id?: string | undefined;
  modelId?: string | undefined;
  usage?: unknown;
  providerMetadata?: unknown;
}

interface Model {
  readonly provider: string;
  readonly modelId: string;
}

interface Parameters {
  prompt: unknown;
  maxOutputTokens?: number | undefined;
}

export interface LanguageModelMiddleware<Version extends SpecificationVersion> {
  readonly specificationVersion: Version;
  wrapGenerate<Result extends Reported>(options: {
    doGenerate: () => PromiseLike<Result>;
    params: Parameters;
    model: Model;
  }): Promise<Result>;
  wrapStream<
    Part extends { type: string },
    Result extends { stream: ReadableStream<Part> },
  >(options: {
    doStream: () => PromiseLike<Result & { stream: ReadableStream<Part> }>;
    params: Parameters;
    model: Model;
  }): Promise<Result>;
}

export interface EmbeddingModelMiddleware<Version extends SpecificationVersion> {
  readonly specificationVersion: Version;
  wrapEmbed<Result extends EmbeddingReported>(options: {
    doEmbed: () => PromiseLike<Result>;
    params: { values: unknown };
    model: Model;
  }): Promise<Result>;
}
