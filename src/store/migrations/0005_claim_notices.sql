-- What a customer is told of a payment proof: its receipt and its end, once each. Claims from before this are not told of.
ALTER TABLE claim ADD COLUMN announce boolean NOT NULL DEFAULT false;
CREATE INDEX claim_to_tell ON claim (customer_id) WHERE state = 'under_review' OR announce;
ALTER TABLE notice ADD COLUMN claim_id bigint;

-- Staff's written reason against payment proofs of one customer; null: they are taken as the policy says.
ALTER TABLE customer ADD COLUMN claims_barred text;
