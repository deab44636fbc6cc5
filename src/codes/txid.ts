// The txid of Pix: the receiver's own number of a charge, which comes back with the payment.

/** What a code carries instead of a number of its own. */
export const NO_TXID = "***";

const STATIC = /^[a-zA-Z0-9]{1,25}$/u;
const CHARGE = /^[a-zA-Z0-9]{26,35}$/u;

/** Whether it may stand in a static code: 1 to 25 letters and digits (Manual de Padrões para Iniciação do Pix). */
export function isStaticTxid(text: string): boolean {
  return STATIC.test(text);
}

/** Whether it names a charge of the API Pix (`cob`, `cobv`): 26 to 35 letters and digits. */
export function isChargeTxid(text: string): boolean {
  return CHARGE.test(text);
}
