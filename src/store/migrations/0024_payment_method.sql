-- How a gateway says that it was paid: a line of the statement with a Pix code is no card's payment. Null: told before this was kept.
ALTER TABLE gateway_payment ADD COLUMN method text CHECK (method IN ('pix', 'boleto', 'card', 'other'));
