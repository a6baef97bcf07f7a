import type { UploadedFile } from './exchange.js';
import type { JsonObject } from './json.js';

export interface Form {
  fields: JsonObject;
  files: Map<string, UploadedFile[]>;
}

/** A `multipart/form-data` body; undefined for any other, and for one that cannot be read. */
export async function readForm(
  contentType: string | undefined,
  body: Buffer,
): Promise<Form | undefined> {
  if (contentType === undefined || !contentType.startsWith('multipart/form-data')) return undefined;
  const headers = { 'content-type': contentType };
  const data = await new Response(new Uint8Array(body), { headers })
    .formData()
    .catch(() => undefined);
  if (data === undefined) return undefined;
  const form: Form = { fields: {}, files: new Map() };
  for (const [name, value] of data) {
    if (typeof value === 'string') form.fields[name] = value;
    else {
      const files = form.files.get(name) ?? [];
      files.push({ name: value.name, bytes: value.size });
      form.files.set(name, files);
    }
  }
  return form;
}
