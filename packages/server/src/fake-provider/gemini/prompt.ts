import type { ToolOffer } from '../draft.js';
import { isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import { countTokens } from '../tokens.js';

/** Inline data costs what a small image costs, whatever it is. */
const mediaTokens = 258;

export interface Prompt {
  text: string;
  tokens: number;
  /** Of `tokens`: images and other inline data. */
  mediaTokens: number;
}

/** Reads `systemInstruction`, `tools` and `contents`. The API takes both camelCase and snake_case. */
export function readPrompt(body: JsonObject): Prompt {
  const parts: string[] = [];
  let media = 0;
  const tools = listAt(body, 'tools');
  if (tools.length > 0) parts.push(JSON.stringify(tools));
  const system = body['systemInstruction'] ?? body['system_instruction'];
  for (const content of [system, ...listAt(body, 'contents'), body['content']]) {
    if (!isObject(content)) continue;
    parts.push(`${textAt(content, 'role') ?? ''}\n`);
    for (const part of listAt(content, 'parts')) {
      if (!isObject(part)) continue;
      if ('inlineData' in part || 'inline_data' in part || 'fileData' in part) media += mediaTokens;
      else parts.push(textAt(part, 'text') ?? JSON.stringify(part));
    }
  }
  const text = parts.join('');
  return { text, tokens: countTokens(text) + media + 1, mediaTokens: media };
}

export function functionTools(body: JsonObject): ToolOffer[] {
  return listAt(body, 'tools').flatMap((tool) => {
    if (!isObject(tool)) return [];
    const declarations = [
      ...listAt(tool, 'functionDeclarations'),
      ...listAt(tool, 'function_declarations'),
    ];
    return declarations.flatMap((declaration) => {
      if (!isObject(declaration)) return [];
      const name = textAt(declaration, 'name');
      const parameters = declaration['parameters'] ?? declaration['parametersJsonSchema'];
      return name === undefined ? [] : [{ name, parameters: parameters ?? { type: 'object' } }];
    });
  });
}

export function toolChoiceOf(body: JsonObject): 'auto' | 'none' | 'required' {
  const mode = textAt(objectAt(objectAt(body, 'toolConfig'), 'functionCallingConfig'), 'mode');
  return mode === 'ANY' ? 'required' : mode === 'NONE' ? 'none' : 'auto';
}

export function endsWithFunctionResponse(body: JsonObject): boolean {
  const last = listAt(body, 'contents').at(-1);
  return (
    isObject(last) &&
    listAt(last, 'parts').some((part) => isObject(part) && 'functionResponse' in part)
  );
}

export function thinkingEffort(config: JsonObject): 'default' | 'none' | 'low' | 'medium' | 'high' {
  const thinking = objectAt(config, 'thinkingConfig');
  const level = textAt(thinking, 'thinkingLevel')?.toLowerCase();
  if (level === 'low' || level === 'medium' || level === 'high') return level;
  const budget = numberAt(thinking, 'thinkingBudget');
  if (budget === undefined || budget < 0) return 'default';
  return budget === 0 ? 'none' : budget >= 8_192 ? 'high' : budget >= 1_024 ? 'medium' : 'low';
}
