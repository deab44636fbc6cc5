-- The pages of a charge at its gateway, beside its codes: the boleto itself, and where a card is typed.
ALTER TABLE invoice ADD COLUMN slip_url text;
ALTER TABLE invoice ADD COLUMN card_url text;
-- Fine and interest of the day are added there; else the page asks for the invoice alone.
ALTER TABLE invoice ADD COLUMN card_adds_fee boolean NOT NULL DEFAULT false;
