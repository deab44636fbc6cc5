// What the schema says of a value of the wrong form, where a type and a range do not say enough. In each language.
import { assert } from "../kernel/assert.ts";
import { inEach, type InEach } from "../kernel/errors.ts";

/** English is what the schema gives its library; {@link formWords} finds the pair again in the library's answer. */
export const FORM_WORDS = {
  time: inEach("write a time as 09:00", "escreva a hora como 09:00"),
  amount: inEach("write an amount as 5.00, in quotes", "escreva o valor como 5.00, entre aspas"),
  step: inEach("a step's name is lower-case letters, digits and dashes", "o nome de um passo tem letras minúsculas, algarismos e hifens"),
  policy: inEach(
    "a policy's name is lower-case letters, digits and dashes",
    "o nome de uma política tem letras minúsculas, algarismos e hifens",
  ),
  crosses: inEach(
    "must be later than from; write two entries to cross midnight",
    "precisa ser mais tarde que “from”; escreva dois itens para passar da meia-noite",
  ),
  condition: inEach("a segment needs at least one condition", "um segmento precisa de ao menos uma condição"),
} as const;

export function formWords(message: string): InEach {
  const found = Object.values(FORM_WORDS).find((words) => words.en === message);
  assert(found !== undefined, `the schema says what has no words here: ${message}`);
  return found;
}
