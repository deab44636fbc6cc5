-- The pages of a charge at its gateway, beside its codes: the boleto itself.
ALTER TABLE invoice ADD COLUMN slip_url text;
