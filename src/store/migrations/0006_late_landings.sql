-- Panel calls that were given up: one may still be carried out, after the one that followed it.

-- Until then what the panel shows is looked at again. Null: no call was ever given up.
ALTER TABLE service ADD COLUMN landing_until timestamptz;
