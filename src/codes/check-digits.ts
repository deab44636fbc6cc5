// The check digits of boletos and collection bills: módulo 10 of a field, módulo 11 of the whole bar code.

/**
 * Módulo 10 (FEBRABAN, the algorithm of Luhn): weights 2, 1, 2, … from the last digit, each product reduced to its digits' sum.
 * Any one wrong digit changes it.
 */
export function mod10(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const doubled = digitAt(digits, digits.length - 1 - i) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

/** The remainder of módulo 11: weights 2 to 9 from the last digit, then 2 again. */
export function mod11Remainder(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += digitAt(digits, digits.length - 1 - i) * (2 + (i % 8));
  return sum % 11;
}

/**
 * The general check digit of a boleto: 11 less the remainder, and 1 where that would be 0, 10 or 11, so that it is never 0. Three
 * remainders share the digit 1: a wrong digit that leads from one of them to another is not seen.
 */
export function boletoMod11(digits: string): number {
  const rest = mod11Remainder(digits);
  return rest < 2 ? 1 : 11 - rest;
}

/** The same of a collection bill (arrecadação, FEBRABAN layout): remainders 0 and 1 give the digit 0. */
export function billMod11(digits: string): number {
  const rest = mod11Remainder(digits);
  return rest < 2 ? 0 : 11 - rest;
}

function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48;
}
