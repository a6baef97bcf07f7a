/** A request as an app with retrieval sends it: instructions, a tool, passages, history, a question. */
export const exampleRequest = {
  model: 'gpt-4.1',
  max_tokens: 600,
  messages: [
    {
      role: 'system',
      content:
        'You answer questions about invoices for an accounting team. Cite the passage that an answer rests on. Say so when the passages do not contain it. Amounts are in euro unless a passage says otherwise.',
    },
    { role: 'user', content: 'When is invoice 4711 due?' },
    { role: 'assistant', content: 'On 14 March, 30 days after it was issued [passage 2].' },
    {
      role: 'user',
      content:
        '<context>Passage 1: Discounts of 2 % are granted for payments within ten days of issue, unless the customer is in arrears. Passage 2: Invoices are due 30 days after issue. Passage 3: Invoice 4711 was issued on 12 February over 18,250.00, net of value added tax at 19 %.</context> What would be saved by paying it today?',
    },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'find_invoice',
        description: 'Looks an invoice up by its number.',
        parameters: {
          type: 'object',
          properties: { number: { type: 'string' } },
          required: ['number'],
        },
      },
    },
  ],
};

export const exampleModels = ['gpt-4.1', 'gpt-4.1-mini', 'claude-haiku-4-5'];
