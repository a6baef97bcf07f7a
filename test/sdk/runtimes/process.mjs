// For runtimes with processes: Node, Bun and Deno.
import { work } from './app.mjs';

const { NAME: name, PROVIDER: provider, CONTROL: control } = process.env;
console.log(JSON.stringify(await work({ name, provider, control })));
