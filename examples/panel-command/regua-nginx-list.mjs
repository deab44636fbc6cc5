#!/usr/bin/env node
// Prints one line per site that can be switched: its name, then what regua-nginx-read prints.
import { describeSite, main, readArguments, siteNames } from "./nginx-site.mjs";

await main(async () => {
  const options = readArguments({}, { site: false, reload: false });
  for (const site of await siteNames(options.folder)) console.log(site, await describeSite({ ...options, site }));
});
