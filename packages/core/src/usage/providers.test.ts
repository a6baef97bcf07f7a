import { expect, test } from 'vitest';
import { canonicalProvider } from './providers.js';

test.each([
  ['vertex.anthropic.messages', 'google-vertex'],
  ['googleVertex.anthropic.messages', 'google-vertex'],
  ['google.vertex.anthropic.messages', 'google-vertex'],
  ['google.vertex.chat', 'google-vertex'],
  ['vertex_ai_beta', 'google-vertex'],
  ['bedrock.anthropic.messages', 'aws-bedrock'],
  ['aws_bedrock', 'aws-bedrock'],
  ['azure_ai_inference', 'azure'],
  ['azure-openai.chat', 'azure'],
  ['text-completion-openai', 'openai'],
  ['cohere_chat', 'cohere'],
  ['github_copilot', 'github-copilot'],
  ['OpenAI', 'openai'],
  ['acme.chat', 'acme'],
  ['constructor', 'constructor'],
])('%s is %s', (name, provider) => {
  expect(canonicalProvider(name)).toBe(provider);
  expect(canonicalProvider(name.toUpperCase())).toBe(provider);
  expect(canonicalProvider(provider)).toBe(provider);
});
