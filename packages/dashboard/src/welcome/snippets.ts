/** Ready-to-run first calls. `gateway` is where the gateway listens, without a trailing slash. */
export interface Snippet {
  id: string;
  label: string;
  /** Where it goes: a file name or `Terminal`. */
  place: string;
  code: string;
}

export const gatewayDefault = 'http://127.0.0.1:4141';

export function snippets(gateway: string): Snippet[] {
  return [
    {
      id: 'curl',
      label: 'curl',
      place: 'Terminal',
      code: `curl ${gateway}/openai/v1/chat/completions \\
  -H "authorization: Bearer $OPENAI_API_KEY" \\
  -H "content-type: application/json" \\
  -H "x-farthing-feature: first-steps" \\
  -d '{"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Say hello"}]}'`,
    },
    {
      id: 'openai-js',
      label: 'OpenAI JS',
      place: 'TypeScript',
      code: `import OpenAI from 'openai';

const openai = new OpenAI({
  baseURL: '${gateway}/openai/v1',
  defaultHeaders: { 'x-farthing-feature': 'first-steps' },
});

await openai.chat.completions.create({
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'Say hello' }],
});`,
    },
    {
      id: 'openai-python',
      label: 'OpenAI Python',
      place: 'Python',
      code: `from openai import OpenAI

client = OpenAI(
    base_url="${gateway}/openai/v1",
    default_headers={"x-farthing-feature": "first-steps"},
)

client.chat.completions.create(
    model="gpt-5-mini",
    messages=[{"role": "user", "content": "Say hello"}],
)`,
    },
    {
      id: 'anthropic-js',
      label: 'Anthropic JS',
      place: 'TypeScript',
      code: `import Anthropic from '@anthropic-ai/sdk';

const anthropic = new Anthropic({
  baseURL: '${gateway}/anthropic',
  defaultHeaders: { 'x-farthing-feature': 'first-steps' },
});

await anthropic.messages.create({
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Say hello' }],
});`,
    },
    {
      id: 'anthropic-python',
      label: 'Anthropic Python',
      place: 'Python',
      code: `from anthropic import Anthropic

client = Anthropic(
    base_url="${gateway}/anthropic",
    default_headers={"x-farthing-feature": "first-steps"},
)

client.messages.create(
    model="claude-haiku-4-5",
    max_tokens=100,
    messages=[{"role": "user", "content": "Say hello"}],
)`,
    },
    {
      id: 'gemini-js',
      label: 'Gemini JS',
      place: 'TypeScript',
      code: `import { GoogleGenAI } from '@google/genai';

const ai = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY,
  httpOptions: {
    baseUrl: '${gateway}/gemini',
    headers: { 'x-farthing-feature': 'first-steps' },
  },
});

await ai.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Say hello' });`,
    },
    {
      id: 'gemini-python',
      label: 'Gemini Python',
      place: 'Python',
      code: `from google import genai

client = genai.Client(
    http_options={
        "base_url": "${gateway}/gemini",
        "headers": {"x-farthing-feature": "first-steps"},
    },
)

client.models.generate_content(model="gemini-2.5-flash", contents="Say hello")`,
    },
    {
      id: 'ai-sdk',
      label: 'AI SDK',
      place: 'TypeScript',
      code: `import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';

const openai = createOpenAI({
  baseURL: '${gateway}/openai/v1',
  headers: { 'x-farthing-feature': 'first-steps' },
});

await generateText({ model: openai('gpt-5-mini'), prompt: 'Say hello' });`,
    },
    {
      id: 'environment',
      label: 'Environment',
      place: 'Shell, without touching code',
      code: `export OPENAI_BASE_URL=${gateway}/openai/v1
export ANTHROPIC_BASE_URL=${gateway}/anthropic
export GOOGLE_GEMINI_BASE_URL=${gateway}/gemini

# Tags for clients that read headers from the environment (Anthropic):
export ANTHROPIC_CUSTOM_HEADERS="x-farthing-feature: first-steps"`,
    },
  ];
}
