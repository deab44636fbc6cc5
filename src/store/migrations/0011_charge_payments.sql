-- Payments of one charge: a line of a statement that carries the charge's code, and no more, is one of them and no second one.
CREATE INDEX gateway_payment_charge ON gateway_payment (gateway, charge_id) WHERE charge_id IS NOT NULL;
