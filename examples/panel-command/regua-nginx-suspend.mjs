#!/usr/bin/env node
// Shows the suspended page instead of a site, and ends when nginx really serves it.
import { main, readArguments, suspendSite } from "./nginx-site.mjs";
import { suspendedConf } from "./suspended-page.mjs";

await main(async () => {
  const options = readArguments({
    reason: { type: "string", default: "" },
    "provider-name": { type: "string" },
    "provider-contact": { type: "string" },
    "http-status": { type: "string", default: "503" },
    "retry-after": { type: "string", default: "3600" },
  });
  const conf = suspendedConf({
    name: options["provider-name"],
    contact: options["provider-contact"],
    httpStatus: options["http-status"],
    retryAfter: options["retry-after"],
  });
  await suspendSite(options, conf, options.reason);
});
