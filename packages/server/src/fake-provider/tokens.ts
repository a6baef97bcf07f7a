/** Letters of a word that make one token; real vocabularies average about as many. */
export const tokenLength = 6;

/**
 * Counts tokens as this provider's tokenizer does: a word is one token for every six characters
 * begun, any other visible character is one token, white space belongs to the word after it. The
 * counts come close to those of real tokenizers for English, and they are this provider's truth.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  let wordLength = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isWordCharacter(code)) {
      if (wordLength % tokenLength === 0) tokens++;
      wordLength++;
    } else {
      wordLength = 0;
      if (code > 32) tokens++;
    }
  }
  return tokens;
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    (code >= 192 && code < 0x2000)
  );
}
