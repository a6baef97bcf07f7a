/** Other spellings of provider names, as telemetry, price data and clients use them. */
const otherNames: Readonly<Record<string, string>> = {
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
  'gcp.vertex_ai': 'google-vertex',
  aws: 'aws-bedrock',
  bedrock: 'aws-bedrock',
  'aws.bedrock': 'aws-bedrock',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  'az.ai.openai': 'azure',
  'azure.ai.openai': 'azure',
  azure_ai: 'azure',
  'azure.ai.inference': 'azure',
  mistralai: 'mistral',
  mistral_ai: 'mistral',
  moonshot: 'moonshotai',
  kimi: 'moonshotai',
  voyage: 'voyageai',
  claude: 'anthropic',
  together_ai: 'together',
  togetherai: 'together',
  fireworks_ai: 'fireworks',
  'fireworks-ai': 'fireworks',
  dashscope: 'alibaba',
  qwen: 'alibaba',
};

/** Farthing's own name of a provider: lower case, aliases resolved, unknown names kept. */
export function canonicalProvider(name: string): string {
  if (Object.hasOwn(otherNames, name)) return otherNames[name] as string;
  const lower = name.toLowerCase();
  return Object.hasOwn(otherNames, lower) ? (otherNames[lower] as string) : lower;
}
