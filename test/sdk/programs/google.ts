import { GoogleGenAI, Type } from '@google/genai';
import type { Program } from './observe.js';

const model = 'gemini-2.5-flash';
const contents = 'Why is the sky blue?';
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } },
};

export const createGoogle = (url: string) =>
  new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: url } });

export const googlePrograms: Program<GoogleGenAI>[] = [
  {
    name: 'plain, embeddings and a count of tokens',
    async run(ai, saw) {
      const answer = await ai.models.generateContent({ model, contents });
      saw('text', answer.text);
      saw('answer', answer);
      saw('count', await ai.models.countTokens({ model, contents }));
      const embedding = { model: 'gemini-embedding-001', contents: ['one', 'two'] };
      saw('embeddings', await ai.models.embedContent(embedding));
    },
  },
  {
    name: 'stream',
    async run(ai, saw) {
      for await (const chunk of await ai.models.generateContentStream({ model, contents })) {
        saw('chunk', chunk);
        saw('text', chunk.text);
      }
      for await (const chunk of await ai.models.generateContentStream({ model, contents })) {
        saw('first chunk', chunk);
        break;
      }
    },
  },
  {
    name: 'chat, whole and streamed',
    async run(ai, saw) {
      const chat = ai.chats.create({ model, history: [] });
      saw('first', (await chat.sendMessage({ message: 'I have two dogs' })).text);
      for await (const chunk of await chat.sendMessageStream({ message: 'How many paws?' })) {
        saw('chunk', chunk.text);
      }
      saw('history', chat.getHistory());
    },
  },
  {
    name: 'tools and structured output',
    async run(ai, saw) {
      const tools = { tools: [{ functionDeclarations: [weather] }] };
      const answer = await ai.models.generateContent({ model, contents, config: tools });
      saw('function calls', answer.functionCalls);
      const json = {
        responseMimeType: 'application/json',
        responseSchema: { type: Type.OBJECT, properties: { colour: { type: Type.STRING } } },
      };
      saw('json', (await ai.models.generateContent({ model, contents, config: json })).text);
    },
  },
  {
    name: 'errors and aborts',
    async run(ai, saw) {
      for (const fault of ['400', '429', '500']) {
        const config = { httpOptions: { headers: { 'x-fake-fault': fault } } };
        const failing = ai.models.generateContent({ model, contents, config });
        saw(fault, await failing.catch((reason: unknown) => reason));
      }
      const abort = new AbortController();
      abort.abort();
      const config = { abortSignal: abort.signal };
      await ai.models.generateContent({ model, contents, config });
    },
  },
];
