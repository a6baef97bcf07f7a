import { GoogleGenAI } from '@google/genai';

const gemini = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY ?? 'demo',
  httpOptions: {
    baseUrl: process.env.GOOGLE_GEMINI_BASE_URL ?? 'http://127.0.0.1:4141/gemini',
    headers: { 'x-farthing-feature': 'example' },
  },
});

const answer = await gemini.models.generateContent({
  model: 'gemini-2.5-flash',
  contents: 'What is a farthing worth?',
});
console.log(answer.text, answer.usageMetadata);
