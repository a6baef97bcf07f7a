/** Other spellings of provider names, as telemetry, price data and clients use them. */
const otherNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'x-ai': 'xai',
    x_ai: 'xai',
    grok: 'xai',
    gemini: 'google',
    'google-ai-studio': 'google',
    google_genai: 'google',
    'gcp.gemini': 'google',
    'gcp.gen_ai': 'google',
    vertex: 'google-vertex',
    vertexai: 'google-vertex',
    vertex_ai: 'google-vertex',
    'vertex-ai': 'google-vertex',
    google_vertexai: 'google-vertex',
    'google.vertex': 'google-vertex',
    'google-vertex-anthropic': 'google-vertex',
    'gcp.vertex_ai': 'google-vertex',
    vertex_ai_beta: 'google-vertex',
    googlevertex: 'google-vertex',
    'vertex.anthropic': 'google-vertex',
    'googlevertex.anthropic': 'google-vertex',
    'google.vertex.anthropic': 'google-vertex',
    aws: 'aws-bedrock',
    bedrock: 'aws-bedrock',
    bedrock_converse: 'aws-bedrock',
    'amazon-bedrock': 'aws-bedrock',
    amazon_bedrock: 'aws-bedrock',
    'aws.bedrock': 'aws-bedrock',
    aws_bedrock: 'aws-bedrock',
    'bedrock.anthropic': 'aws-bedrock',
    'azure-openai': 'azure',
    azure_openai: 'azure',
    'az.ai.openai': 'azure',
    'azure.ai.openai': 'azure',
    azure_ai: 'azure',
    'azure.ai.inference': 'azure',
    azure_ai_inference: 'azure',
    'text-completion-openai': 'openai',
    mistralai: 'mistral',
    mistral_ai: 'mistral',
    moonshot: 'moonshotai',
    kimi: 'moonshotai',
    voyage: 'voyageai',
    claude: 'anthropic',
    cohere_chat: 'cohere',
    github_copilot: 'github-copilot',
    together_ai: 'together',
    togetherai: 'together',
    fireworks_ai: 'fireworks',
    'fireworks-ai': 'fireworks',
    dashscope: 'alibaba',
    qwen: 'alibaba',
  }),
);

/** What the AI SDK appends to a provider's name in its telemetry: `openai.responses`. */
const apiSuffix =
  /\.(?:chat|completion|responses|messages|generative-ai|embedding|textembedding|image|speech|transcription)$/;

/** Farthing's own name of a provider: lower case, aliases resolved, unknown names kept. */
export function canonicalProvider(name: string): string {
  const known = otherNames.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const alias = otherNames.get(lower);
  if (alias !== undefined) return alias;
  // Most names have no dot, and this is asked for every call.
  if (!lower.includes('.')) return lower;
  const bare = lower.replace(apiSuffix, '');
  return otherNames.get(bare) ?? (bare === '' ? lower : bare);
}
