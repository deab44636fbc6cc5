// The property library, with every property asked PROPERTY_TIMES times more often than its test says.
import fc from "../../node_modules/fast-check/lib/fast-check.js";

/** Runs of a property whose test names none: the library's own. */
const USUAL = 100;

const times = Number(process.env["PROPERTY_TIMES"]);

const assert: typeof fc.assert = (property, parameters) =>
  fc.assert(property as never, { ...parameters, numRuns: (parameters?.numRuns ?? USUAL) * times } as never) as never;

export default { ...fc, assert };
