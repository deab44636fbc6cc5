#!/usr/bin/env node
// Shows a site again that we suspended, and ends when nginx really serves it.
import { main, readArguments, unsuspendSite } from "./nginx-site.mjs";

await main(async () => {
  await unsuspendSite(readArguments());
});
