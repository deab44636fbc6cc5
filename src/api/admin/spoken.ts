// The language a member of staff reads: sentences of reasons are said in it, while messages to customers keep the customer's own.
import { AsyncLocalStorage } from "node:async_hooks";
import { Settings } from "../../engine/setting.ts";
import type { Lang } from "../../kernel/lang.ts";
import type { Api } from "../api.ts";
import { langOf } from "../language.ts";

const spoken = new AsyncLocalStorage<Lang>();

/** Settings whose provider speaks the language of the request that asks. For reading only: what is written keeps the provider's own. */
export class SpokenSettings extends Settings {
  override async load(...ask: Parameters<Settings["load"]>): ReturnType<Settings["load"]> {
    const setting = await super.load(...ask);
    const lang = spoken.getStore();
    return lang === undefined ? setting : { ...setting, provider: { ...setting.provider, lang } };
  }
}

/** Every handler below runs in the language that its staff member chose; a header may ask for another. */
export function speakTheirLanguage(app: Api): void {
  app.addHook("preHandler", (request, _reply, done) => {
    // What these write, they decide with the settings they read.
    if (request.method === "PATCH" || request.method === "PUT") return done();
    spoken.run(langOf(request), done);
  });
}
