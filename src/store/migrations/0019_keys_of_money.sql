-- All that leads to one money is found from the money: whether a receipt that came of a statement's line is another payment of the gateway already.
DROP INDEX gateway_payment_charge;
DROP INDEX receipt_key_waiting;
CREATE INDEX receipt_key_receipt ON receipt_key (receipt_id);
