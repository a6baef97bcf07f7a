// For runtimes without processes: a Worker, whose request is the work.
import { work } from './app.mjs';

export default {
  async fetch(_request, { NAME: name, PROVIDER: provider, CONTROL: control }) {
    return Response.json(await work({ name, provider, control }));
  },
};
