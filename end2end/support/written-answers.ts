import { LanguageModel } from './language-model';
import { STARTED_WITHIN, type Server, startServerWithKnowledge } from './server';
import { test as base } from './test';

interface Written {
  model: LanguageModel;
  patchline: Server;
}

/** Tests against a Patchline whose answers a language model writes, which the test plays. */
export const test = base.extend<{ model: LanguageModel }, { written: Written }>({
  written: [
    async ({}, use, worker) => {
      const model = await LanguageModel.start();
      const name = `server-with-language-model-${worker.workerIndex}`;
      const patchline = await startServerWithKnowledge(name, { PATCHLINE_LLM_URL: model.url });
      await use({ model, patchline });
      await patchline.stop();
      await model.stop();
    },
    { scope: 'worker', timeout: STARTED_WITHIN },
  ],

  model: async ({ written }, use) => {
    written.model.forget();
    await use(written.model);
  },

  server: async ({ written }, use) => use(written.patchline.url),
});
