import { fieldsAt, isFields, listAt, type Fields } from '../../usage/fields.js';
import { claudeVersion, geminiVersion } from './model-version.js';
import type { Viewer } from './image-tokens.js';
import { bareName, tokenizerFamily } from './tokenizer-family.js';

/** Texts to be counted, each by itself, and tokens that come on top of them. */
export interface CountedText {
  texts: string[];
  tokens: number;
}

/**
 * Tokens around each message and once for the answer's beginning. OpenAI: 3 with 1 for the role, and 3; one
 * more for a name
 * (https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken, section 6). Anthropic publishes
 * none; its counter shows about 4 a message and 3 on top. Gemini adds none.
 */
export function messageFraming({ model }: Viewer, messages: number, names: number): number {
  const name = bareName(model);
  if (geminiVersion(name) !== null) return 0;
  if (claudeVersion(name) !== null) return messages * 4 + 3;
  return messages * 4 + names + 3;
}

/**
 * The instructions that Anthropic adds where a request has tools: 346 tokens, 313 where one must be
 * used (https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview, "Pricing"; of Claude 3
 * by its own table).
 */
const claudeTools = { free: 346, forced: 313 } as const;

/**
 * Tool schemas as text and tokens. OpenAI renders functions in a form of its own, with fixed tokens for
 * each function, parameter and value (the same page of the cookbook, section 7; nested parameters by the
 * same rule). Anthropic and Gemini take the schemas as JSON.
 */
export function toolText(viewer: Viewer, body: Fields): CountedText {
  const tools = toolsOf(body);
  if (tools.length === 0) return { texts: [], tokens: 0 };
  const { own, encoding } = tokenizerFamily(viewer.provider, viewer.model);
  if (!own) {
    return {
      texts: tools.map((tool) => JSON.stringify(tool)),
      tokens: claudeVersion(bareName(viewer.model)) === null ? 0 : claudeToolTokens(body),
    };
  }
  const counted: CountedText = { texts: [], tokens: functionEnd };
  const start = encoding === 'o200k_base' ? functionStart : functionStartOfGpt4;
  for (const tool of tools) addFunction(counted, tool, start);
  return counted;
}

const functionStart = 7;
const functionStartOfGpt4 = 10;
const functionEnd = 12;
const propertiesStart = 3;
const propertyStart = 3;
const enumStart = -3;
const enumValue = 3;

function toolsOf(body: Fields): Fields[] {
  const tools = [
    ...listAt(body, 'tools'),
    ...listAt(body, 'functions'),
    ...listAt(fieldsAt(body, 'toolConfig'), 'tools'),
  ];
  // Gemini groups its functions.
  return tools.flatMap((tool) => {
    const grouped = listAt(tool, 'functionDeclarations');
    return grouped.length > 0 ? grouped : [tool];
  });
}

function claudeToolTokens(body: Fields): number {
  const choice = body['tool_choice'];
  const isForced = isFields(choice) && (choice['type'] === 'any' || choice['type'] === 'tool');
  return isForced ? claudeTools.forced : claudeTools.free;
}

function addFunction(counted: CountedText, tool: Fields, start: number): void {
  const described = isFields(tool['function']) ? tool['function'] : tool;
  const parameters = described['parameters'] ?? described['input_schema'];
  // Tools of the provider's own (searches, code) are settings: their text is not in the request.
  if (typeof described['name'] !== 'string') return;
  counted.tokens += start;
  counted.texts.push(`${described['name']}:${sentence(described['description'])}`);
  addProperties(counted, parameters, 0);
}

/** Schemas nest a few levels deep; what lies deeper is a mistake, or an attack. */
const deepest = 16;

function addProperties(counted: CountedText, schema: unknown, depth: number): void {
  if (!isFields(schema) || depth > deepest) return;
  if (isFields(schema['items'])) addProperties(counted, schema['items'], depth + 1);
  const { properties } = schema;
  if (!isFields(properties) || Object.keys(properties).length === 0) return;
  counted.tokens += propertiesStart;
  for (const [name, property] of Object.entries(properties)) {
    counted.tokens += propertyStart;
    if (!isFields(property)) continue;
    if (Array.isArray(property['enum'])) {
      counted.tokens += enumStart + enumValue * property['enum'].length;
      counted.texts.push(...property['enum'].map(String));
    }
    counted.texts.push(`${name}:${String(property['type'])}:${sentence(property['description'])}`);
    addProperties(counted, property, depth + 1);
  }
}

function sentence(text: unknown): string {
  return typeof text === 'string' ? text.replace(/\.$/, '') : '';
}
