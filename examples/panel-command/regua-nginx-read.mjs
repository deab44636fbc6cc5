#!/usr/bin/env node
// Prints what a site is: active, absent, or suspended and by whom.
import { describeSite, main, readArguments } from "./nginx-site.mjs";

await main(async () => {
  console.log(await describeSite(readArguments({}, { reload: false })));
});
